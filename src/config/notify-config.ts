import { accepted } from './accepted.ts';
import { parseDuration } from './duration.ts';
import { notifyDefaults as d, type NotifyConfig, type ReceiverConfig } from './notify.ts';
import type { NotifyFile, ReceiverFile } from './schema/notify.ts';

const time = (said: string) => accepted(parseDuration(said), said);

/** Of a file that was accepted, every default filled in. A receiver without a kind is told elsewhere, and is none. */
export function notifyConfig(file: NotifyFile | undefined): NotifyConfig | null {
  if (file === undefined) return null;
  return {
    receivers: Object.entries(file.receivers).flatMap(([name, receiver]) => receiverConfig(name, receiver) ?? []),
    repeat: time(file.repeat ?? d.repeat),
    downFor: time(file.downFor ?? d.downFor),
    expire: time(file.expire ?? d.expire),
  };
}

function receiverConfig(name: string, file: ReceiverFile): ReceiverConfig | null {
  const { webhook, command, heartbeat } = file;
  if (heartbeat)
    return {
      kind: 'heartbeat',
      name,
      url: heartbeat.url,
      every: time(heartbeat.every ?? d.every),
      method: heartbeat.method ?? d.method,
    };
  const receiving = {
    name,
    from: file.from ?? d.from,
    resolved: file.resolved ?? d.resolved,
    only: file.only ?? null,
    except: file.except ?? [],
    delivery: file.delivery ?? d.delivery,
  } as const;
  if (command)
    return { ...receiving, kind: 'command', run: command.run, deadline: time(command.deadline ?? d.deadline) };
  if (!webhook) return null;
  return {
    ...receiving,
    kind: 'webhook',
    url: webhook.url,
    format: webhook.format ?? d.format,
    chat: webhook.chat ?? null,
    key: webhook.key ?? null,
    headers: webhook.headers ?? {},
    timeout: time(webhook.timeout ?? d.timeout),
  };
}
