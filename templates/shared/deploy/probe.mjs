// Asks the monitoring port, which answers on loopback alone: what checks the container's health has to run inside it.
const [path = "healthz", port = "9464"] = process.argv.slice(2);

try {
  const answer = await fetch(`http://127.0.0.1:${port}/${path}`, { signal: AbortSignal.timeout(4_000) });
  process.exitCode = answer.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
