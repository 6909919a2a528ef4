import { CNI } from './programs.ts';

/** The address of the node, on an interface of its own: on loopback `kubectl exec` and `logs` would be refused. */
export const ADDRESS = '10.201.0.1';

export const PAUSE = 'localhost/pause:lab';

/** Of containerd 1.6, by the names of its own file. */
export const containerdSettings = (folder: string, socket: string, cni: string): string => `version = 2
root = "${folder}/root"
state = "${folder}/state"
[grpc]
  address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE}"
  # a machine may withhold the right to lower oom_score_adj
  restrict_oom_score_adj = true
  # so that nothing of it is left outside of our folder
  netns_mounts_under_state_dir = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "${CNI}"
  conf_dir = "${cni}"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = false
`;

/** A bridge without a way out: the pods need none. */
export const networkSettings = (data: string) => ({
  cniVersion: '0.4.0',
  name: 'lab',
  plugins: [
    {
      type: 'bridge',
      bridge: 'vvlab1',
      isGateway: true,
      ipam: { type: 'host-local', dataDir: data, ranges: [[{ subnet: '10.202.0.0/24' }]] },
    },
  ],
});

export const kubeletSettings = (socket: string, ca: string) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  address: ADDRESS,
  readOnlyPort: 0,
  authentication: { anonymous: { enabled: false }, webhook: { enabled: false }, x509: { clientCAFile: ca } },
  authorization: { mode: 'AlwaysAllow' },
  containerRuntimeEndpoint: `unix://${socket}`,
  cgroupDriver: 'cgroupfs',
  failCgroupV1: false,
  failSwapOn: false,
  makeIPTablesUtilChains: false,
  oomScoreAdj: 0,
  maxOpenFiles: 4096,
  localStorageCapacityIsolation: false,
  evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  // a changed ConfigMap is in the pod after seconds, not after a minute
  syncFrequency: '5s',
});
