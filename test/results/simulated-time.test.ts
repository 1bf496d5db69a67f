// Pins the end-of-simulation lines of each tool from which the simulated time is read.
import { describe, expect, test } from 'vitest';
import { findSimulatedTime, reportsSimulatedTime } from '../../src/results/log-scan/simulated-time.js';

describe('findSimulatedTime', () => {
  test.each([
    [
      'vcs',
      ['$finish at simulation time   2456700', 'Time: 2456700 ps', 'CPU Time:      0.530 seconds;'],
      2.4567,
    ],
    ['vcs', ['Time: 12.5 ns', 'Time: 3 us'], 3],
    ['vcs', ['UVM_INFO @ Time: 12 ns'], null],
    ['xcelium', ['Simulation complete via $finish(1) at time 1500 NS + 3'], 1.5],
    ['xcelium', ['Simulation complete via implicit call to $finish(1) at time 7 PS + 0'], 0.000007],
    [
      'questa',
      ['# ** Note: $finish    : tb.sv(31)', '#    Time: 1250 ns  Iteration: 0  Instance: /tb'],
      1.25,
    ],
    ['QuestaSim', ['   Time: 2 sec  Iteration: 1  Instance: /tb'], 2e6],
    ['icarus', ['tb.v:9: $finish called at 1234 (10ps)'], 0.01234],
    ['icarus', ['$stop called at 5 (1s)'], 5e6],
    ['verilator', ['- Verilator: $finish at 10ns; walltime 0.001 s; speed 7.452 us/s'], 0.01],
    ['verilator', ['Simulated time: 42 us'], 42],
    ['verilator', ['- tb.sv:12: Verilog $finish'], null],
    ['icarus', [], null],
    ['unknown', ['Time: 5 ns'], null],
    ['constructor', ['Time: 5 ns'], null],
  ])('%s %j', (tool, lines, expected) => {
    expect(findSimulatedTime(tool, lines)).toBe(expected);
  });

  test('knows which tools report it', () => {
    expect(['vcs', 'XCELIUM', 'icarus'].every(reportsSimulatedTime)).toBe(true);
    expect(['dc', '', 'toString'].some(reportsSimulatedTime)).toBe(false);
  });
});
