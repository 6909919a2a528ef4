import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bodyOf } from '../../src/notify/formats/body.ts';
import { signature } from '../../src/notify/sign.ts';
import { message } from './messages.ts';

const down = message({
  state: 'firing',
  severity: 'critical',
  condition: 'down',
  key: 'kintsugi/vault#down',
  since: '2026-11-21T11:50:00.000Z',
  until: '2026-11-21T20:00:00.000Z',
  event: 'down',
  summary: 'nothing serves',
  reason: 'its last line was “<!channel> & *@everyone* [x](http://evil)”',
  details: { version: '1.2.0', checksum: '0xaa' },
});
const made = (format: Parameters<typeof bodyOf>[1]['format'], one = down) =>
  JSON.parse(bodyOf(one, { format, chat: '-100' }));

describe('forms', () => {
  test('json is the message itself', () => expect(made('json')).toEqual(down));

  test('Slack: nobody is called by what a client wrote', () => {
    expect(made('slack')).toMatchObject({
      text: 'CRITICAL kintsugi/vault: nothing serves',
      attachments: [{ color: '#c0392b', text: expect.stringContaining('&lt;!channel&gt; &amp; *@everyone*') }],
    });
    expect(made('slack', { ...down, state: 'resolved' }).text).toBe('RESOLVED kintsugi/vault: nothing serves');
  });

  test('Discord: no mention, no link', () => {
    expect(made('discord')).toMatchObject({
      allowed_mentions: { parse: [] },
      embeds: [{ title: 'CRITICAL kintsugi/vault: nothing serves', timestamp: down.at }],
    });
    expect(made('discord').embeds[0].description).toContain('\\[x\\]\\(http://evil\\)');
  });

  test('Telegram: plain text to a chat, without a ring for what only informs', () => {
    expect(made('telegram')).toMatchObject({ chat_id: '-100', disable_notification: false });
    expect(made('telegram').text.split('\n')).toEqual([
      'CRITICAL kintsugi/vault: nothing serves',
      down.reason,
      'release 1.2.0 0xaa',
      'since 2026-11-21T11:50:00.000Z',
      'on here: vaultvisor status kintsugi/vault',
    ]);
    expect(made('telegram', { ...down, severity: 'info' }).disable_notification).toBe(true);
  });

  test('Alertmanager: the labels of a condition never change; its end does', () => {
    const [first] = made('alertmanager');
    expect(first).toMatchObject({
      labels: { alertname: 'VaultvisorDown', severity: 'critical', network: 'kintsugi', client: 'vault', host: 'here' },
      startsAt: down.since,
      endsAt: down.until,
    });
    const [over] = made('alertmanager', {
      ...down,
      state: 'resolved',
      event: 'well',
      reason: null,
      details: {},
      until: down.at,
    });
    expect(over.labels).toEqual(first.labels);
    expect(over).toMatchObject({ startsAt: down.since, endsAt: down.at });
  });
});

describe('signature', () => {
  test('is the example of the specification (standardwebhooks.com)', () => {
    const headers = signature(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330,
      '{"test": 2432232314}',
    );
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('another key is taken as it is, and without one nothing is signed but everything has its id', () => {
    const mac = createHmac('sha256', 'plain').update('id.1.{}').digest('base64');
    expect(signature('plain', 'id', 1, '{}')).toEqual({
      'idempotency-key': 'id',
      'webhook-id': 'id',
      'webhook-timestamp': '1',
      'webhook-signature': `v1,${mac}`,
    });
    expect(signature(null, 'id', 1, '{}')).not.toHaveProperty('webhook-signature');
  });
});
