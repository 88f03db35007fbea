/** A pod, as far as the standard looks at it. */
export interface PodSpec {
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: PodContext;
  volumes?: Record<string, unknown>[];
  initContainers?: Container[];
  containers: Container[];
}

interface PodContext {
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seccompProfile?: { type: string };
  sysctls?: unknown[];
}

export interface Container {
  name: string;
  ports?: { hostPort?: number; containerPort: number }[];
  volumeMounts?: { name: string; mountPath: string }[];
  securityContext?: {
    privileged?: boolean;
    allowPrivilegeEscalation?: boolean;
    readOnlyRootFilesystem?: boolean;
    runAsNonRoot?: boolean;
    runAsUser?: number;
    capabilities?: { add?: string[]; drop?: string[] };
    seccompProfile?: { type: string };
  };
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
  [key: string]: unknown;
}

const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

const everyContainer = (pod: PodSpec, holds: (one: Container) => boolean): boolean =>
  [...(pod.initContainers ?? []), ...pod.containers].every(holds);

/** The controls of the Pod Security Standard "restricted", those of "baseline" among them (kubernetes.io/docs/concepts/security/pod-security-standards). */
export const RESTRICTED: readonly (readonly [control: string, holds: (pod: PodSpec) => boolean])[] = [
  ["Host Namespaces", (pod) => ![pod.hostNetwork, pod.hostPID, pod.hostIPC].includes(true)],
  ["Privileged Containers", (pod) => everyContainer(pod, (one) => one.securityContext?.privileged !== true)],
  ["Host Ports", (pod) => everyContainer(pod, (one) => (one.ports ?? []).every((port) => port.hostPort === undefined))],
  ["Sysctls", (pod) => (pod.securityContext?.sysctls ?? []).length === 0],
  [
    "Volume Types",
    (pod) =>
      (pod.volumes ?? []).every((one) => Object.keys(one).every((key) => key === "name" || VOLUMES.includes(key))),
  ],
  [
    "Privilege Escalation",
    (pod) => everyContainer(pod, (one) => one.securityContext?.allowPrivilegeEscalation === false),
  ],
  [
    "Running as Non-root",
    (pod) =>
      everyContainer(pod, (one) => (one.securityContext?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot) === true),
  ],
  [
    "Running as Non-root user",
    (pod) => pod.securityContext?.runAsUser !== 0 && everyContainer(pod, (one) => one.securityContext?.runAsUser !== 0),
  ],
  [
    "Seccomp",
    (pod) =>
      everyContainer(pod, (one) =>
        ["RuntimeDefault", "Localhost"].includes(
          (one.securityContext?.seccompProfile ?? pod.securityContext?.seccompProfile)?.type ?? "",
        ),
      ),
  ],
  [
    "Capabilities",
    (pod) =>
      everyContainer(pod, ({ securityContext }) => {
        const { add = [], drop = [] } = securityContext?.capabilities ?? {};
        return drop.includes("ALL") && add.every((one) => one === "NET_BIND_SERVICE");
      }),
  ],
];

/** The controls that a pod does not keep. */
export function podFaults(pod: PodSpec): readonly string[] {
  return RESTRICTED.filter(([, holds]) => !holds(pod)).map(([control]) => control);
}
