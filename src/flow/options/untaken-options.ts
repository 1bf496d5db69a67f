// DVSim's options that are not taken over, each with what to do instead. Data only; parses nothing.

/** What to do instead of an option that DVSim has, or had, and Regatta does not. By the option's long name. */
export const UNTAKEN_OPTIONS: ReadonlyMap<string, string> = new Map([
  [
    '--remote',
    'jobs use the project where it is: for other machines keep it on a disk they share, and name one with --proj-root',
  ],
  ['--instrument', 'leave it out: every run leaves metrics.json and trace.json in its directory'],
  ['--log-file', 'leave it out: send the messages to a file with 2> FILE'],
  ['--publish', 'leave it out: make the report with regatta report, and copy it to where it is wanted'],
]);
