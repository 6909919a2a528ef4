import { z } from 'zod';
import { clientDefaults } from '../client-defaults.ts';
import { presetNames } from '../presets/names.ts';
import { alarms } from './alarms.ts';
import { byVersion } from './by-version.ts';
import { data } from './data.ts';
import { gates } from './gates.ts';
import { files, migrateArguments, migrated } from './migrated.ts';
import { probe } from './probe.ts';
import { list, named, record } from './record.ts';
import { release } from './release.ts';
import {
  account,
  byteCount,
  count,
  duration,
  exitCode,
  filledText,
  flag,
  grace,
  rate,
  signal,
  text,
  userName,
  variable,
  workingDirectory,
} from './text.ts';
import { fileUrl, mirror } from './url.ts';
import { verify } from './verify.ts';

const d = clientDefaults;

const start = record({
  delay: duration(0)
    .optional()
    .meta({ description: 'Between the end of one and the start of the next.', default: d.start.delay }),
  initial: fileUrl
    .optional()
    .meta({ description: 'The first deployment, before the chain is asked: the program that runs today.' }),
});

const stop = record({
  signal: signal.optional().meta({ default: d.stop.signal }),
  grace: grace.optional().meta({ description: 'Until SIGKILL; "infinite" waits for ever.', default: d.stop.grace }),
});

const noRestart = record({
  exitCodes: list(exitCode, 'must be a list of exit codes, such as [2]').optional(),
  lines: list(filledText, 'must be a list of texts').optional().meta({ description: 'Texts in the last output.' }),
});

const restart = record({
  delay: duration().optional().meta({ description: 'Before the first restart.', default: d.restart.delay }),
  max: duration().optional().meta({ description: 'The longest delay.', default: d.restart.max }),
  stableAfter: duration()
    .optional()
    .meta({ description: 'After which the delay begins anew.', default: d.restart.stableAfter }),
  noRestart: noRestart
    .optional()
    .meta({ description: 'Exits after which only a person, an edit or a release starts it again.' }),
});

const health = record({
  minHealthyTime: duration()
    .optional()
    .meta({ description: 'How long it must stay up.', default: d.health.minHealthyTime }),
  healthyDeadline: duration()
    .optional()
    .meta({ description: 'Healthy by then, or rolled back.', default: d.health.healthyDeadline }),
  exits: count(1).optional().meta({ description: 'How many exits are too many.', default: d.health.exits }),
  rollbackWindow: duration().optional().meta({
    description: 'How long after its commit a crash loop still leads back.',
    default: d.health.rollbackWindow,
  }),
  probes: list(probe, 'must be a list of probes').optional(),
});

const liveness = record({
  failFor: duration()
    .optional()
    .meta({ description: 'How long probes may fail before a restart.', default: d.liveness.failFor }),
  maxRestarts: rate.optional().meta({ default: d.liveness.maxRestarts }),
});

const retry = record({
  after: duration().optional().meta({ default: d.retry.after }),
  max: duration().optional().meta({ default: d.retry.max }),
  attempts: count(0).optional().meta({ default: d.retry.attempts }),
});

const download = record({
  retry: record({
    after: duration().optional().meta({ default: d.download.retry.after }),
    max: duration().optional().meta({ default: d.download.retry.max }),
  }).optional(),
  maxBytes: byteCount.optional().meta({ default: d.download.maxBytes }),
  mirrors: list(mirror, 'must be a list of URLs').optional(),
  member: filledText.optional().meta({ description: 'Which member of an archive is the program.' }),
  fetch: z
    .enum(['always', 'never'], { error: 'must be "always" or "never"' })
    .optional()
    .meta({ description: '"never": only what was staged is run.', default: d.download.fetch }),
});

const guard = record({
  watch: duration(0).optional().meta({
    description: 'How long its account must sign nothing before its first start on a machine; "0s": it is not watched.',
    default: d.guard.watch,
  }),
});

const strangers = record({
  policy: z.enum(['wait', 'ignore'], { error: 'must be "wait" or "ignore"' }).optional().meta({
    description: 'What is done while a client of this account runs that vaultvisor did not start.',
    default: d.strangers.policy,
  }),
  pidFiles: list(workingDirectory, 'must be a list of absolute paths')
    .optional()
    .meta({ description: 'Where such a client writes its pid; placeholders as in "args".' }),
  texts: list(filledText, 'must be a list of texts')
    .optional()
    .meta({ description: 'What else only a client of this account has in its arguments.' }),
  except: list(filledText, 'must be a list of texts')
    .optional()
    .meta({ description: 'Whose command line contains one of these is no such client.' }),
});

const argsError = 'must be a list of texts, one for each argument: ["--keyfile", "/etc/vaultvisor/key.json"]';

const preflight = list(
  text,
  'must be a list of texts: arguments for the new program, or a command that begins with an absolute path',
).min(1, {
  error: 'must hold an argument, such as "--version": without one the new program would begin to serve',
});

/** A client's settings; `defaults` has the same. Everything may be missing here: `release` is asked for where both are joined. */
export const client = record({
  preset: z
    .enum(presetNames, { error: `must be one of ${presetNames.map((name) => `"${name}"`).join(', ')}` })
    .optional()
    .meta({ description: 'Settings that suit a client; whatever else is written here comes before them.' }),
  release: release.optional().meta({ description: 'Where its releases are announced.' }),
  args: list(text, argsError).optional().meta({
    description: 'Its arguments; {network} {client} {endpoint} {data} {version} are filled in.',
  }),
  env: named(variable, text).optional().meta({ description: 'Added to its environment; placeholders as in "args".' }),
  files: files.optional(),
  when: byVersion(health, stop).optional(),
  migrated: migrated.optional(),
  migrateArguments: migrateArguments(d.migrateArguments).optional(),
  cwd: workingDirectory.optional().meta({ description: 'Its working directory; default: its data folder.' }),
  user: userName('user')
    .optional()
    .meta({ description: 'Whom it is run as, by name or number; default: as vaultvisor itself.' }),
  group: userName('group').optional().meta({ description: "With which group instead of the user's own." }),
  identity: z
    .union([filledText, record({ file: filledText })], {
      error: 'must be a text, or {"file": "/path"} whose content counts',
    })
    .optional()
    .meta({ description: 'Two processes of one identity never run; default: what --keyfile and --keyname say.' }),
  account: account
    .optional()
    .meta({ description: 'The account that it signs with (SS58): a copy elsewhere is told by what it signs.' }),
  guard: guard.optional(),
  strangers: strangers.optional(),
  exclusive: list(filledText, 'must be a list of texts').optional().meta({
    description: 'Locks shared across networks, such as "<bitcoin rpc url>/<wallet>".',
  }),
  start: start.optional(),
  stop: stop.optional(),
  restart: restart.optional(),
  health: health.optional(),
  liveness: liveness.optional(),
  restartOn: list(
    z.enum(['specVersion'], { error: 'must be "specVersion"' }),
    'must be a list, such as ["specVersion"]',
  )
    .optional()
    .meta({ description: 'What else it is started anew for, without another release.' }),
  alarms: alarms.optional(),
  retry: retry.optional().meta({ description: 'Of a quarantined deployment.' }),
  keep: count(0).optional().meta({ description: 'How many former releases stay on disk.', default: d.keep }),
  allowDowngrade: flag.optional().meta({ default: d.allowDowngrade }),
  download: download.optional(),
  data: data.optional().meta({ description: 'Where its database lies, and how migrations of it are done.' }),
  verify: verify.optional().meta({ description: 'A tool that has its say on what was downloaded.' }),
  preflight: preflight.optional().meta({
    description:
      'Tried before the old one is stopped: arguments for the new program, or a command, which is told of it.',
  }),
  gates: gates.optional().meta({ description: 'Asked before an update, while the old one still serves.' }),
  orphans: z
    .enum(['terminate', 'adopt', 'refuse'], { error: 'must be "terminate", "adopt" or "refuse"' })
    .optional()
    .meta({
      description: 'What is done with a client that a vaultvisor left behind when it died.',
      default: d.orphans,
    }),
  parentDeath: z
    .literal('tini', { error: 'must be "tini", or left out' })
    .optional()
    .meta({ description: 'Runs it below tini, which asks it to leave as soon as vaultvisor dies.' }),
  agent: record({
    socket: workingDirectory.meta({
      description: 'Where the agent listens that runs it in a container of its own; placeholders as in "args".',
    }),
  })
    .optional()
    .meta({ description: 'It is run by `vaultvisor agent` in its own container, not by the daemon.' }),
}).meta({ id: 'client' });
