// Pins which failure messages are one cause: messages of one row share a signature, different rows never do.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reason } from '../../src/model/reason.js';
import { gatherBuckets } from '../../src/results/buckets/buckets.js';
import { normaliseMessage } from '../../src/results/buckets/normalise.js';
import { findSignature } from '../../src/results/buckets/signature.js';
import { cpuMsOf } from '../support/cpu-time.js';

/** Signature -> messages of one cause, as tools print them. */
const CAUSES: readonly (readonly [string, ...string[]])[] = [
  // UVM.
  [
    'UVM_ERROR [uart_scoreboard] data mismatch: exp <n> act <n>',
    'UVM_ERROR /proj/dv/env/uart_scoreboard.sv(312) @ 1250.500ns: uvm_test_top.env.scoreboard [uart_scoreboard] data mismatch: exp 0x3f act 0x12',
    'UVM_ERROR ../env/uart_scoreboard.sv(298) @ 77: uvm_test_top.env.scoreboard [uart_scoreboard] data mismatch: exp 0xFF act ff',
    'UVM_ERROR @ 9 ns: uvm_test_top.env0.sb[3] [uart_scoreboard] data mismatch: exp 12 act 1f',
  ],
  [
    'UVM_ERROR [uart_scoreboard] parity mismatch: exp <n> act <n>',
    'UVM_ERROR /proj/dv/env/uart_scoreboard.sv(340) @ 1250: uvm_test_top.env.scoreboard [uart_scoreboard] parity mismatch: exp 1 act 0',
  ],
  [
    'UVM_FATAL [NOVIF] virtual interface must be set for: <inst>.vif',
    'UVM_FATAL /p/uart_agent.sv(40) @ 0: uvm_test_top.env.agent0 [NOVIF] virtual interface must be set for: uvm_test_top.env.agent0.vif',
    'UVM_FATAL /q/uart_agent.sv(41) @ 0: uvm_test_top.env.agent1 [NOVIF] virtual interface must be set for: uvm_test_top.env.agent1.vif',
  ],
  [
    'UVM_FATAL [NOCOMP] No components instantiated. You must either instantiate at least one component before calling run_test',
    'UVM_FATAL @ 0: reporter [NOCOMP] No components instantiated. You must either instantiate at least one component before calling run_test',
  ],
  [
    'UVM_FATAL [PH_TIMEOUT] Explicit timeout of <time> hit, indicating a probable testbench issue',
    'UVM_FATAL /uvm/src/base/uvm_phase.svh(1491) @ 9200000000.00ns: reporter [PH_TIMEOUT] Explicit timeout of 9200000000 ns hit, indicating a probable testbench issue',
    'UVM_FATAL /uvm-1.2/src/base/uvm_phase.svh(1489) @ 20000 ns: reporter [PH_TIMEOUT] Explicit timeout of 20000 ns hit, indicating a probable testbench issue',
  ],
  [
    'UVM_ERROR [csr_utils] Check failed obs == exp (<n> [<n>] vs <n> [<n>]) Regname: <inst>.ctrl reset value: <n>',
    'UVM_ERROR @ 55 us: (csr_utils_pkg.sv:461) [csr_utils] Check failed obs == exp (0 [0x0] vs 4 [0x4]) Regname: uart_reg_block.ctrl reset value: 0x0',
    'UVM_ERROR @ 8 us: (csr_utils_pkg.sv:455) [csr_utils] Check failed obs == exp (3 [0x3] vs 255 [0xff]) Regname: spi_reg_block.ctrl reset value: 0x10',
  ],
  [
    'UVM_ERROR [SEQ] sequence item timed out after <n> cycles (seed <n>)',
    'UVM_ERROR tb.sv(3) @ 5: uvm_test_top.env.agt.sqr@@main_seq [SEQ] sequence item timed out after 1000 cycles (seed 4123)',
    'UVM_ERROR tb.sv(3) @ 9: uvm_test_top.env.agt.sqr@@other_seq [SEQ] sequence item timed out after 50 cycles (seed 7)',
  ],
  [
    'UVM_WARNING [TPRGED] Type name <name> already registered with factory. No string-based lookup support for multiple types with the same type name.',
    "UVM_WARNING @ 0: reporter [TPRGED] Type name 'my_item' already registered with factory. No string-based lookup support for multiple types with the same type name.",
    "UVM_WARNING @ 0: reporter [TPRGED] Type name 'other' already registered with factory. No string-based lookup support for multiple types with the same type name.",
  ],
  ['UVM_ERROR : <n>', 'UVM_ERROR :    3', 'UVM_ERROR :   12'],
  // Assertions.
  ["Offending '(req |-> ack)'", "    Offending '(req |-> ack)'"],
  ["Offending '(count <= <n>)'", "Offending '(count <= 16)'", "\tOffending '(count <= 8)'"],
  ["Offending 'ready'", "Offending 'ready'"],
  [
    '<file>: <inst>.DataKnown_A: started at <time> failed at <time>',
    '"../src/prim_fifo.sv", 123: tb.dut.u_fifo.DataKnown_A: started at 55ns failed at 60ns',
    '"/x/rtl/prim_fifo.sv", 119: tb.dut.gen[3].u_tx_fifo.DataKnown_A: started at 1234500ps failed at 1234600ps',
  ],
  [
    '<file>: <inst>.DepthValid_A: started at <time> failed at <time>',
    '"../src/prim_fifo.sv", 140: tb.dut.u_fifo.DepthValid_A: started at 55ns failed at 60ns',
  ],
  [
    'Assert failed: [<inst>.u_arb] ReqGntImplies_A at <time>',
    'Assert failed: [tb.dut.u_arb] ReqGntImplies_A at 120 ns',
    'Assert failed: [tb.dut2.x.u_arb] ReqGntImplies_A at 3 us',
  ],
  [
    'xmsim: *E,ASRTST (<file>): (time <time>) Assertion <inst>.a_req_ack has failed',
    'xmsim: *E,ASRTST (./tb.sv,31): (time 55 NS) Assertion tb.dut.a_req_ack has failed',
    'xmsim: *E,ASRTST (/p/tb.sv,33): (time 1200 PS) Assertion tb.top.dut.a_req_ack has failed',
  ],
  [
    '# ** Error: Assertion error. Time: <time> Started: <time> Scope: <inst>.chk File: <file> Line: <n>',
    '# ** Error: Assertion error. Time: 55 ns Started: 50 ns  Scope: tb.dut.chk File: src/chk.sv Line: 12',
    '# ** Error: Assertion error. Time: 5 us Started: 4 us  Scope: tb.b.chk File: chk.sv Line: 13',
  ],
  // Icarus.
  [
    '<file>: error: Unknown module type: fifo_sync',
    'tb.v:12: error: Unknown module type: fifo_sync',
    'src/top.v:3: error: Unknown module type: fifo_sync',
  ],
  ['<file>: syntax error', 'tb.v:12: syntax error', './rtl/uart.v:199: syntax error'],
  [
    '<file>: error: Unable to bind wire/reg/memory <name> in <name>',
    "tb.v:20: error: Unable to bind wire/reg/memory `foo' in `tb.dut'",
    "a.v:2: error: Unable to bind wire/reg/memory `bar' in `tb'",
  ],
  [
    'FATAL: <file>: queue overflow Time: <time> Scope: <inst>.chk',
    'FATAL: tb.sv:20: queue overflow Time: 50 Scope: tb.chk',
    'FATAL: tb.sv:21: queue overflow Time: 7 Scope: tb.u.chk',
  ],
  [
    'ERROR: <file>: mismatch exp=<n> got=<n>',
    'ERROR: tb.v:33: mismatch exp=ab got=12',
    "ERROR: tb.v:33: mismatch exp=8'h3c got=8'hxx",
    'ERROR: tb.v:36: mismatch exp=00000000 got=deadbeef',
  ],
  ['vvp: Unable to open input file.', 'vvp: Unable to open input file.'],
  // Verilator.
  [
    "%Error: <file>: Can't find definition of variable: <name>",
    "%Error: fifo.sv:33:12: Can't find definition of variable: 'foo'",
    "%Error: rtl/uart_tx.sv:3:1: Can't find definition of variable: 'bar_q'",
  ],
  [
    '%Warning-WIDTH: <file>: Operator ASSIGN expects <n> bits on the Assign RHS, but generates <n> bits.',
    '%Warning-WIDTH: x.sv:3:5: Operator ASSIGN expects 8 bits on the Assign RHS, but generates 9 bits.',
    '%Warning-WIDTH: y.sv:3: Operator ASSIGN expects 16 bits on the Assign RHS, but generates 1 bits.',
  ],
  [
    '[<n>] %Error: <file>: Assertion failed in <inst>.u_dut: full and push',
    '[1000] %Error: tb.sv:44: Assertion failed in TOP.tb.u_dut: full and push',
    '[20] %Error: tb.sv:40: Assertion failed in top.u_dut: full and push',
  ],
  [
    '%Error: Exiting due to <n> error(s)',
    '%Error: Exiting due to 1 error(s)',
    '%Error: Exiting due to 23 error(s)',
  ],
  ['%Error: Verilated model did not converge', '%Error: Verilated model did not converge'],
  // VCS and Xcelium.
  ['Error-[NOA] Null object access', 'Error-[NOA] Null object access'],
  [
    'Error-[XMRE] Cross-module reference resolution error',
    'Error-[XMRE] Cross-module reference resolution error',
  ],
  [
    '<file>: The object at dereference depth <n> is being used before it was constructed/allocated.',
    'fifo.sv, 23: The object at dereference depth 0 is being used before it was constructed/allocated.',
    '/q/env/fifo.sv, 99: The object at dereference depth 2 is being used before it was constructed/allocated.',
  ],
  [
    'xmvlog: *E,UNDIDN (<file>): <name>: undeclared identifier [<n>.<n>(IEEE)].',
    "xmvlog: *E,UNDIDN (rtl/a.sv,12|8): 'foo': undeclared identifier [12.5(IEEE)].",
    "xmvlog: *E,UNDIDN (b.sv,1|80): 'bar': undeclared identifier [12.5(IEEE)].",
  ],
  [
    'xmsim: *F,NOLICN: Unable to checkout license <n>',
    'xmsim: *F,NOLICN: Unable to checkout license 5280',
    'xmsim: *F,NOLICN: Unable to checkout license 5281',
  ],
  // Questa keeps the number of its message.
  [
    '** Error: (vlog-2110) Illegal reference to net <name>.',
    '** Error: (vlog-2110) Illegal reference to net "a".',
    '** Error: (vlog-2110) Illegal reference to net "b_net".',
  ],
  ['** Error: (vlog-2730) Undefined variable: <name>.', "** Error: (vlog-2730) Undefined variable: 'x'."],
  ['** Fatal: (SIGSEGV) Bad handle or reference.', '** Fatal: (SIGSEGV) Bad handle or reference.'],
  // Compilers, linkers, make, shells, scripts.
  [
    '<file>: error: <name> undeclared (first use in this function)',
    "foo.c:12:5: error: 'x' undeclared (first use in this function)",
    'src/dpi/bar.c:7:13: error: ‘count’ undeclared (first use in this function)',
  ],
  [
    '<file>: fatal error: <file>: No such file or directory',
    'main.cpp:1:10: fatal error: verilated.h: No such file or directory',
    '/a/b/x.cc:3:9: fatal error: Vtop.h: No such file or directory',
  ],
  [
    '<file>: <file>: undefined reference to <name>',
    "/usr/bin/ld: a.o: undefined reference to `dpi_init'",
    "/opt/x/ld: tb_dpi.o: undefined reference to `dpi_exit'",
  ],
  [
    'make: *** [<file>: all] Error <n>',
    'make: *** [Makefile:12: all] Error 2',
    'make[3]: *** [/x/rules.mk:9: all] Error 1',
  ],
  [
    'make: *** No rule to make target <name>. Stop.',
    "make: *** No rule to make target 'run'.  Stop.",
    "make[1]: *** No rule to make target 'build'.  Stop.",
  ],
  [
    '<file>: line <n>: <n> Segmentation fault (core dumped) <file> +seed=<n>',
    './run.sh: line 3: 12345 Segmentation fault      (core dumped) ./simv +seed=12',
    './run.sh: line 4: 99 Segmentation fault      (core dumped) /x/y/simv +seed=7',
  ],
  ['sh: <n>: vcs: not found', 'sh: 1: vcs: not found', 'sh: 12: vcs: not found'],
  ['sh: <n>: xrun: not found', 'sh: 1: xrun: not found'],
  ['AssertionError: <n> != <n>', 'AssertionError: 3 != 4', 'AssertionError: 0x10 != -7'],
  ['KeyError: <name>', "KeyError: 'clk_freq'"],
  [
    '<time> ERROR worker <n> lost contact',
    '2026-11-24 10:11:12 ERROR worker 3 lost contact',
    '2026-11-25T01:02:03.456Z ERROR worker 12 lost contact',
  ],
  ['No space left on device', 'No space left on device'],
  [
    'job <n> on node<n> exceeded memory limit (<n> > <n>), being killed',
    'job 1234 on node17 exceeded memory limit (4194304 > 2097152), being killed',
    'job 99 on node2 exceeded memory limit (11 > 10), being killed',
  ],
  // A testbench's own words.
  [
    'ERROR: fifo overflow at t=<time> wr_ptr=<n> rd_ptr=<n>',
    'ERROR: fifo overflow at t=1200 wr_ptr=3 rd_ptr=b',
    'ERROR: fifo overflow at t=5 wr_ptr=0 rd_ptr=15',
  ],
  [
    'ERROR: fifo underflow at t=<time> wr_ptr=<n> rd_ptr=<n>',
    'ERROR: fifo underflow at t=1200 wr_ptr=3 rd_ptr=12',
  ],
  ['TEST FAILED: bad CRC (<n>)', 'TEST FAILED: bad CRC (0x1D0F)', 'TEST FAILED: bad CRC (ffff)'],
  [
    'TEST FAILED: frame <n>: data <n>',
    'TEST FAILED: frame 3: data 12 34 ab',
    'TEST FAILED: frame 12: data 00 ff',
  ],
  [
    'read/write collision on port <n> and/or <n>',
    'read/write collision on port 1 and/or 2',
    'read/write collision on port 0 and/or 3',
  ],
  ['\u00a0caf\u00e9 d\u00e9faillant \u2116 <n>'.trim(), 'café défaillant № 12'],
  ['cannot open <file>', 'cannot open /home/u1/scratch/a.b/run.1/out', 'cannot open ../out/x'],
  [
    'ERROR on transaction <n>',
    'ERROR on transaction 123e4567-e89b-12d3-a456-426614174000',
    'ERROR on transaction 42',
  ],
  ['ERROR: watchdog expired', '\u001b[31mERROR\u001b[0m: watchdog   expired', 'ERROR: watchdog expired'],
];

describe('normaliseMessage', () => {
  const rows = CAUSES.flatMap(([signature, ...messages]) => messages.map((message) => [message, signature]));

  test('has a large table', () => {
    expect(rows.length).toBeGreaterThan(90);
    expect(new Set(CAUSES.map(([signature]) => signature)).size).toBe(CAUSES.length);
  });

  test.each(rows)('%j', (message, signature) => {
    expect(normaliseMessage(message ?? '')).toBe(signature);
  });

  test.each(CAUSES.map(([signature]) => signature))('leaves its own work alone: %j', (signature) => {
    expect(normaliseMessage(signature)).toBe(signature);
  });

  test('is idempotent on anything, one line, and bounded', () => {
    const fragment = fc.constantFrom(
      ...rows.flatMap(([message = '']) => message.split(/(?<=\s)/)),
      "'",
      '"',
      '`',
      '<n>',
      '@',
      '.',
      '/',
      ':',
      '(',
      ')',
      '[',
      ']',
      '0x',
      'a.b',
      '12',
      '\n',
      'x.sv',
      'ns',
      ',',
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (fragments) => {
        const once = normaliseMessage(fragments.join(''));
        expect(once).not.toMatch(/[\n\t]/);
        expect(once.length).toBeLessThanOrEqual(200);
        expect(normaliseMessage(once)).toBe(once);
      }),
      { numRuns: 5000, seed: 20261124 },
    );
  });

  test('takes no more than a moment for the worst of messages', () => {
    const cpuMs = cpuMsOf(() => {
      for (const unit of [
        'a.',
        'a/',
        '0',
        "'a",
        'a_',
        '[a]',
        '@[',
        'UVM_ERROR @ [a] ',
        '<<',
        '1,',
        'x.sv"',
      ]) {
        normaliseMessage(unit.repeat(5000));
      }
    });
    expect(cpuMs).toBeLessThan(1000);
  });
});

describe('findSignature', () => {
  test.each<[Reason, string | null]>([
    [{ kind: 'exit-code', exitCode: 2, context: ['a', 'b'] }, 'exit code 2'],
    [
      {
        kind: 'exit-code',
        exitCode: 2,
        context: ['cc x', 'x.c:3:1: error: bad', 'make: *** [Makefile:3: x] Error 1'],
      },
      'exit code 2: <file>: error: bad',
    ],
    [
      { kind: 'exit-code', exitCode: 2, context: ['make: *** [Makefile:3: x] Error 1'] },
      'exit code 2: make: *** [<file>: x] Error <n>',
    ],
    [
      {
        kind: 'exit-code',
        exitCode: 1,
        context: ['UVM_INFO @ 0: reporter [RNTST] go', '# UVM_ERROR @ 5 ns: sb [SB] bad'],
      },
      'exit code 1: # UVM_ERROR [SB] bad',
    ],
    [
      {
        kind: 'exit-code',
        exitCode: 1,
        context: [
          'UVM_FATAL /p/tb.sv(9) @ 7: reporter [NOVIF] no interface',
          'Number of demoted UVM_FATAL reports  :    0',
          'UVM_ERROR :    1',
          '# UVM_FATAL :    0',
        ],
      },
      'exit code 1: UVM_FATAL [NOVIF] no interface',
    ],
    [
      {
        kind: 'missing-pass-pattern',
        patterns: ['^PASS'],
        context: ['UVM_ERROR :    0', 'UVM_FATAL :    0  '],
      },
      'no line matches /^PASS/',
    ],
    [{ kind: 'signal', signal: 'SIGSEGV', context: [] }, 'ended by SIGSEGV'],
    [{ kind: 'missing-pass-pattern', patterns: ['^PASS'], context: ['done'] }, 'no line matches /^PASS/'],
    [{ kind: 'timeout', limitMins: 5 }, 'ran longer than its limit'],
    [{ kind: 'lost', message: 'node 17 vanished' }, 'node <n> vanished'],
    [{ kind: 'stopped', by: { kind: 'signal', signal: 'SIGINT' } }, null],
    [{ kind: 'dependency', job: 'b', status: 'failed', culprit: 'b', because: 'x' }, null],
  ])('%j', (reason, signature) => {
    expect(findSignature(reason)).toBe(signature);
  });
});

describe('gatherBuckets', () => {
  test('sorts by count, then by first job', () => {
    const failures = [
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'z'],
      ['d', 'z'],
      ['e', 'y'],
    ].map(([job = '', signature = '']) => ({ job, signature }));
    expect(gatherBuckets(failures)).toEqual([
      { signature: 'y', count: 2, jobs: ['b', 'e'] },
      { signature: 'z', count: 2, jobs: ['c', 'd'] },
      { signature: 'x', count: 1, jobs: ['a'] },
    ]);
  });
});
