// The launcher process: a small Node process of its own session that starts a run's jobs and outlives the run's process
// long enough to leave nothing behind. Wires the launcher to its pipes; decides nothing about jobs.
import { writeSync } from 'node:fs';
import { endOwnCgroup, enterCgroup, removeCgroup } from './cgroup.js';
import { EndSpool } from './end-spool.js';
import type { SpawnerFactory } from './launcher.js';
import { Launcher } from './launcher.js';
import type { FromLauncher, LauncherSettings, ToLauncher } from './launcher-messages.js';
import { encodeMessage, MessageReader } from './launcher-messages.js';
import { PortableSpawner } from './portable-spawner.js';
import { sweepRun } from './sweep.js';
import { messageOf } from '../../util/message-of.js';
import { identifySelf } from '../../util/process-identity.js';

/** SIGTERM to SIGKILL once the run's process is dead: all must be over within 2 s of that. */
const HEAD_DEATH_GRACE_MS = 500;

// The run decides what a signal means. It may be sent to everything at once, by a service manager for one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => undefined);

process.on('uncaughtException', (error) => {
  writeSync(2, `${error.stack ?? error.message}\n`);
  // Not process.exit: it would wait for the thread that waits for jobs. The run sees the end and cleans up.
  process.kill(process.pid, 'SIGKILL');
});

const { makeSpawner, fallbackReason } = await chooseSpawner();
const reader = new MessageReader<ToLauncher>();
let launcher: Launcher | undefined;
let isHeadAlive = true;
let finishOnHeadDeath = (): void => process.exit(0);

process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  for (const message of reader.read(text)) handle(message);
});
// One of them comes, both at times: `finish` is harmless to repeat.
process.stdin.on('close', onHeadDeath);
process.stdin.on('error', onHeadDeath);
process.stdout.on('error', onHeadDeath);

function handle(message: ToLauncher): void {
  switch (message.kind) {
    case 'settings':
      launcher = open(message.settings);
      return;
    case 'start':
      launcher?.start(message.orders);
      return;
    case 'kill':
      launcher?.kill(message.requests);
      return;
    case 'suspend':
    case 'resume':
      launcher?.pace(message.kind === 'suspend');
      send({ kind: 'paced' });
      return;
    case 'close':
      launcher?.finish(0);
      return;
  }
}

function onHeadDeath(): void {
  if (!isHeadAlive) return;
  isHeadAlive = false;
  finishOnHeadDeath();
}

function send(message: FromLauncher): void {
  if (isHeadAlive) process.stdout.write(encodeMessage(message));
}

function warn(message: string): void {
  send({ kind: 'warning', message });
}

function open(settings: LauncherSettings): Launcher {
  const { scope, spoolPath, onHeadDeath: policy } = settings;
  const spool = spoolPath === null ? null : new EndSpool(spoolPath, scope, warn);
  const membership = enterCgroup(scope);
  const cgroup = membership.kind === 'entered' ? membership.path : null;
  spool?.begin({ launcher: identifySelf(), policy, cgroup });
  const opened = new Launcher(
    settings,
    {
      answered: (answers) => {
        send({ kind: 'answers', answers });
      },
      started: (started) => {
        if (policy === 'keep') spool?.noteStarts(started);
      },
      ended: (reports, own) => {
        // What was told to end says nothing of how it would have ended: its run knows why, or it runs again.
        spool?.noteEnds(own, Date.now());
        send({ kind: 'ends', reports });
      },
      idle: () => {
        if (cgroup !== null) endOwnCgroup(cgroup);
        void sweepRun(scope, { descendants: true, cgroups: cgroup === null ? [] : [cgroup] }).then(() => {
          if (cgroup !== null) removeCgroup(cgroup);
          opened.spawner.exit(0);
        });
      },
    },
    makeSpawner,
  );
  finishOnHeadDeath = () => {
    const graceMs = Math.min(HEAD_DEATH_GRACE_MS, settings.killGraceMs);
    opened.finish(policy === 'keep' ? null : graceMs);
    spool?.noteHeadDeath();
    // One by one, processes that start others as fast as they are killed may take longer than there is.
    if (policy === 'kill' && cgroup !== null) setTimeout(endOwnCgroup, graceMs, cgroup);
  };
  const { mode, adoptsOrphans } = opened.spawner;
  const cgroupReason = membership.kind === 'none' ? membership.reason : null;
  send({ kind: 'ready', mode, adoptsOrphans, cgroup, cgroupReason, fallbackReason });
  return opened;
}

async function chooseSpawner(): Promise<{ makeSpawner: SpawnerFactory; fallbackReason: string | null }> {
  const portable: SpawnerFactory = (environment, listener) => new PortableSpawner(environment, listener);
  if (process.platform !== 'linux')
    return { makeSpawner: portable, fallbackReason: `not implemented for ${process.platform}` };
  try {
    const { loadLibc } = await import('./libc.js');
    const { NativeSpawner } = await import('./native-spawner.js');
    const libc = loadLibc();
    return {
      makeSpawner: (environment, listener) => new NativeSpawner(libc, environment, listener),
      fallbackReason: null,
    };
  } catch (error) {
    // No binary of koffi for this machine, or a C library without one of the functions.
    return { makeSpawner: portable, fallbackReason: messageOf(error) };
  }
}
