// What the functions of a `BatchEngine` must give back, as shapes that can be held against what a plugin really gave.
// Knows the contract of `engine.ts`, and no engine. Loaded only where there is a plugin.
import { z } from 'zod';

/** Text that a program can be given. */
const word = z.string().regex(/^[^\0]*$/);
const message = z.string();
const id = z.string().regex(/^[^\0\n]+$/);
const taskNumbers = z.array(z.int().min(1));

const command = z.object({
  program: word.min(1),
  args: z.array(word),
  stdin: z.string().optional(),
  environment: z.record(z.string(), word).optional(),
  stallsOn: z.instanceof(RegExp).optional(),
});
const commands = z.array(command);

const end = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exited'), exitCode: z.int() }),
  z.object({ kind: z.literal('signalled'), signal: z.string() }),
  z.object({ kind: z.enum(['timeout', 'out-of-memory', 'unknown']) }),
  z.object({ kind: z.literal('cancelled'), by: z.string().nullable(), launchFailure: z.string().optional() }),
  z.object({ kind: z.enum(['infrastructure', 'not-started']), message }),
]);

const state = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pending'), reason: z.string().nullable() }),
  z.object({ kind: z.literal('held'), reason: z.string(), isLaunchFailure: z.boolean().optional() }),
  z.object({ kind: z.literal('hopeless'), reason: z.string() }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('ended'), end }),
]);

const report = z.object({ id, arrayName: z.string().nullable(), tasks: taskNumbers, state });

const queryReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), reports: z.array(report), garbled: z.int().min(0) }),
  z.object({ kind: z.literal('unavailable'), message }),
]);

/** By the name of the function. */
export const ENGINE_SHAPES = {
  readProbe: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('answered'),
      arrayLimit: z.int().min(1).nullable(),
      facts: z.array(z.string()),
    }),
    z.object({ kind: z.enum(['unusable', 'unavailable']), message }),
  ]),
  submit: z.object({
    command,
    files: z.record(z.string().regex(/^[\w-][\w.-]*$/), z.string()).optional(),
  }),
  readSubmit: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('submitted'), id }),
    z.object({ kind: z.enum(['busy', 'rejected', 'unclear']), message }),
  ]),
  query: command,
  readQuery: queryReply,
  'history.command': commands,
  'history.read': queryReply,
  askToEnd: commands,
  cancel: commands,
  check: z.string().nullable(),
};

/** What is wrong with a value, in a few words; null: nothing. */
export function findFlaw(shape: z.ZodType, value: unknown): string | null {
  const issue = shape.safeParse(value).error?.issues[0];
  if (issue === undefined) return null;
  const place = issue.path.map(String).join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}
