/** Counts of one server process, for the monitoring port. Labels come from our own definitions, so their number is bounded. */
export interface Metrics {
  called(tool: string, code: string, ms: number): void;
  rejected(reason: string): void;
  /** Prometheus text format, version 0.0.4. */
  render(): string;
}

/** Upper bounds of the duration buckets, in milliseconds. */
const BUCKETS_MS = [1, 5, 25, 100, 500, 2_500, 10_000, 60_000] as const;

export function createMetrics(): Metrics {
  const calls = new Map<string, number>();
  const rejections = new Map<string, number>();
  const buckets = BUCKETS_MS.map(() => 0);
  let count = 0;
  let sum = 0;
  return {
    called(tool, code, ms) {
      add(calls, `tool="${tool}",code="${code}"`);
      count++;
      sum += ms;
      for (const [index, bound] of BUCKETS_MS.entries()) if (ms <= bound) buckets[index] = (buckets[index] ?? 0) + 1;
    },
    rejected(reason) {
      add(rejections, `reason="${reason}"`);
    },
    render() {
      const lines = ["# TYPE hardened_mcp_calls_total counter"];
      for (const [labels, n] of calls) lines.push(`hardened_mcp_calls_total{${labels}} ${n}`);
      lines.push("# TYPE hardened_mcp_entry_rejected_total counter");
      for (const [labels, n] of rejections) lines.push(`hardened_mcp_entry_rejected_total{${labels}} ${n}`);
      lines.push("# TYPE hardened_mcp_call_duration_milliseconds histogram");
      for (const [index, bound] of BUCKETS_MS.entries()) {
        lines.push(`hardened_mcp_call_duration_milliseconds_bucket{le="${bound}"} ${buckets[index] ?? 0}`);
      }
      lines.push(`hardened_mcp_call_duration_milliseconds_bucket{le="+Inf"} ${count}`);
      lines.push(
        `hardened_mcp_call_duration_milliseconds_sum ${sum}`,
        `hardened_mcp_call_duration_milliseconds_count ${count}`,
      );
      return `${lines.join("\n")}\n`;
    },
  };
}

function add(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
