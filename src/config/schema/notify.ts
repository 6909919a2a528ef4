import { z } from 'zod';
import { isSoundSecret, withoutSecrets } from '../../secrets.ts';
import { notifyDefaults as d } from '../notify.ts';
import { list, named, record } from './record.ts';
import { duration, filledText, flag, name, patterned, text } from './text.ts';

const secretError = 'must name a secret as {secret:file:/absolute/path} or {secret:env:NAME}';
const urlError =
  'must be an http or https URL; it, or a part of it, may be {secret:file:/absolute/path} or {secret:env:NAME}';

/** Many such URLs are secrets themselves, so a whole one may be named instead of written. */
const secretUrl = patterned(/^(https?:\/\/|\{secret:)\S+$/, urlError)
  .refine(isSoundSecret, { error: secretError })
  .refine((said) => URL.canParse(said.startsWith('{') ? 'https://x' : withoutSecrets(said, 'x')), { error: urlError });

const secretText = filledText.refine(isSoundSecret, { error: secretError });

const place = patterned(/^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)?$/, 'must be NETWORK or NETWORK/CLIENT');

const webhook = record({
  url: secretUrl.meta({ description: 'Where each message is sent by a POST.' }),
  format: z
    .enum(['json', 'slack', 'discord', 'telegram', 'alertmanager'], {
      error: 'must be "json", "slack", "discord", "telegram" or "alertmanager"',
    })
    .optional()
    .meta({ description: 'In which form.', default: d.format }),
  chat: filledText.optional().meta({ description: 'Of Telegram: the id of the chat.' }),
  key: secretText.optional().meta({ description: 'By which the body is signed (HMAC-SHA256, Standard Webhooks).' }),
  headers: named(patterned(/^[A-Za-z0-9-]+$/, 'must be the name of a header'), secretText)
    .optional()
    .meta({ description: 'Further headers, such as "authorization".', default: {} }),
  timeout: duration().optional().meta({ description: 'How long an answer may take.', default: d.timeout }),
});

const command = record({
  run: list(text, 'must be a list of texts')
    .refine(([file = '']) => file.startsWith('/'), { error: 'must begin with the absolute path of a program' })
    .meta({ description: 'A program and its arguments; it reads the message as JSON from its stdin.' }),
  deadline: duration()
    .optional()
    .meta({ description: 'How long it may take before it is killed.', default: d.deadline }),
});

const heartbeat = record({
  url: secretUrl.meta({ description: 'Asked again and again while vaultvisor is well.' }),
  every: duration(1_000).optional().meta({ description: 'How often.', default: d.every }),
  method: z.enum(['GET', 'POST'], { error: 'must be "GET" or "POST"' }).optional().meta({ default: d.method }),
});

const receiver = record({
  webhook: webhook.optional(),
  command: command.optional(),
  heartbeat: heartbeat.optional(),
  from: z
    .enum(['critical', 'warning', 'info'], { error: 'must be "critical", "warning" or "info"' })
    .optional()
    .meta({ description: 'The least severity that it is told.', default: d.from }),
  resolved: flag.optional().meta({ description: 'Whether it is told that a condition is over.', default: d.resolved }),
  only: list(place, 'must be a list of networks and clients')
    .optional()
    .meta({ description: 'NETWORK or NETWORK/CLIENT; default: all.' }),
  except: list(place, 'must be a list of networks and clients')
    .optional()
    .meta({ description: 'NETWORK or NETWORK/CLIENT.', default: [] }),
  delivery: z.enum(['atLeastOnce', 'atMostOnce'], { error: 'must be "atLeastOnce" or "atMostOnce"' }).optional().meta({
    description:
      'What becomes of a message of which it is not known whether it arrived: sent again under its id, or not.',
    default: d.delivery,
  }),
});

/** Who is told what happens. */
export const notify = record({
  receivers: named(name, receiver),
  repeat: duration(60_000)
    .optional()
    .meta({ description: 'When a condition that goes on is told again.', default: d.repeat }),
  downFor: duration(0)
    .optional()
    .meta({ description: 'How long nothing may serve before that is critical.', default: d.downFor }),
  expire: duration(60_000)
    .optional()
    .meta({ description: 'A message that could not be delivered for so long is dropped.', default: d.expire }),
});

export type NotifyFile = z.output<typeof notify>;
export type ReceiverFile = z.output<typeof receiver>;
