// Jobs at the terminal: output shown and logged, and kills that spare the run's own group.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { fromRepoRoot } from '../../support/repo-root.js';
import { makeTempDir } from '../../support/temp-dir.js';

interface Terminal {
  readonly head: ChildProcess;
  readonly dir: string;
  readonly said: () => string;
}

/** Runs one interactive command in a process of its own, whose standard input is the job's. */
function startAtTerminal(cmd: string): Terminal {
  const dir = makeTempDir();
  const options = JSON.stringify({ runId: `interactive-${process.pid}-${dir.slice(-6)}`, killGraceMs: 100 });
  const script = fromRepoRoot('test/backends/local/head.ts');
  const head = spawn(process.execPath, ['--import', 'tsx', script, dir, options, `interactive:${cmd}`], {
    cwd: fromRepoRoot('.'),
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  onTestFinished(() => {
    head.kill('SIGKILL');
  });
  let text = '';
  head.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { head, dir, said: () => text };
}

describe('an interactive job', () => {
  it('shows its output and keeps it in the log; it shares the group of the run', async () => {
    const groups = 'ps -o pgid= -p $$ -p $PPID | sort -u | wc -l';
    const { dir, said } = startAtTerminal(`echo visible; ${groups}; exit 6`);
    await eventually('its end', () => /^ended .*$/m.test(said()));
    expect(said()).toContain('{"job":0,"attempt":1,"end":{"kind":"exited","exitCode":6}}');
    expect(said()).toMatch(/^visible$/m);
    expect(readFileSync(join(dir, 'job-0', 'log'), 'utf8')).toBe('visible\n1\n');
  });

  it('is ended by close, with its children, and the run lives on', async () => {
    const { head, said } = startAtTerminal(
      `exec < /dev/null; trap '' TERM; echo ready; sleep 500; sleep 500`,
    );
    await eventually('the job', () => said().includes('ready') && said().includes('submitted'));
    head.stdin?.write('close\n');
    await once(head, 'exit');
    expect(head.exitCode).toBe(0);
    expect(said()).toContain('{"job":0,"attempt":1,"end":{"kind":"signalled","signal":"SIGKILL"}}');
    expect(said()).toContain('closed');
  });
});
