// A disk that fills up under a run: the record of the run cannot be kept any more, so nothing new starts, and the run ends in order.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { ResultsFile } from '../support/command.js';
import { findProcesses } from '../support/find-processes.js';
import { needs } from '../support/needs.js';
import { InterruptedRun } from './interrupted-run.js';

/** Only root may make one; where nobody is root there is none. */
const tinyDisk = {
  name: 'a file system of its own (root)',
  probe: () => {
    const script = 'd=$(mktemp -d) && mount -t tmpfs -o size=64k none "$d" && umount "$d" && rmdir "$d"';
    return spawnSync('/bin/sh', ['-c', script], { stdio: 'ignore' }).status === 0;
  },
};

needs(tinyDisk).it(
  'a full disk stops the run in order, is said once, and is no end of what had passed',
  async () => {
    const run = new InterruptedRun();
    const scratch = join(run.dir, 'scratch');
    mkdirSync(scratch);
    execFileSync('/bin/sh', ['-c', 'mount -t tmpfs -o size=4m none "$0"', scratch]);
    onTestFinished(() => {
      execFileSync('/bin/sh', ['-c', 'umount -l "$0"', scratch]);
    });
    const many = Array.from({ length: 400 }, (_, i) => ({
      full_name: `later-${i}`,
      cmd: 'true',
      deps: ['fills'],
      odir: join(run.dir, 'elsewhere', String(i)),
    }));
    const { ended } = run.start(
      [
        { full_name: 'passes', cmd: 'true' },
        { full_name: 'sleeps', cmd: 'sleep 72201' },
        {
          full_name: 'fills',
          cmd: `cat /dev/zero > ${join(scratch, 'fill')} 2> /dev/null; true`,
          deps: ['passes'],
        },
        ...many,
      ],
      ...['--results', 'results.json'],
    );
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(1);
    // No page could be written: none is pointed at.
    expect(stdout).not.toContain('report.html');
    expect(stderr.match(/cannot write the journal/g)).toHaveLength(1);
    expect(stderr).toMatch(/regatta: error: cannot write the journal \S+: ENOSPC.*; the run is stopped/);
    expect(findProcesses('sleep\0' + '72201')).toEqual([]);
    const results = JSON.parse(readFileSync(join(run.dir, 'results.json'), 'utf8')) as ResultsFile;
    const [passes, sleeps, fills] = results.jobs;
    expect([passes?.status, sleeps?.status, fills?.status]).toEqual(['passed', 'killed', 'passed']);
    expect(sleeps?.reason?.message).toMatch(/^stopped by cannot write the journal /);
    expect(results.jobs.at(-1)?.status).toBe('killed');
    expect(results.exit_code).toBe(1);

    // With room again, what stands on record stands, and the rest runs.
    execFileSync('/bin/sh', ['-c', 'rm "$0"', join(scratch, 'fill')]);
    const again = await run.regatta('status');
    expect(again.stdout).toMatch(/^run \S+: interrupted: /);
  },
);
