import type { NotifyConfig, ReceiverConfig } from './notify.ts';

/** Who is told, for a line of changes: by name and kind, since addresses of receivers are secrets. */
export const notifyText = (notify: NotifyConfig | null): string =>
  notify === null || notify.receivers.length === 0 ? 'nobody' : notify.receivers.map(receiverText).join(', ');

function receiverText(receiver: ReceiverConfig): string {
  if (receiver.kind === 'heartbeat') return `${receiver.name} (heartbeat)`;
  const what = receiver.kind === 'webhook' ? receiver.format : 'command';
  return `${receiver.name} (${what}, from ${receiver.from})`;
}
