// Self-checking constrained-random bench of the FIFO: a reference model is compared with the design every cycle.
// It knows nothing of how the FIFO is built.
//
// Knobs beside the common ones: +wr_pct, +rd_pct (how often either side is willing, in percent),
// +swing=1 (phases that fill and phases that drain), +clear_every=N (cycles between clears on average, 0 is never).
`timescale 1ns/1ps
`define BENCH_FILE "fifo_tb.sv"
`ifndef FIFO_DEPTH
`define FIFO_DEPTH 8
`endif

// Code coverage is of the design, not of its bench.
// verilator coverage_off
module fifo_tb;
  localparam int DEPTH = `FIFO_DEPTH;
  localparam int AW = $clog2(DEPTH);

  localparam int C_EMPTY = 0, C_ONE = 1, C_MID = 2, C_ALMOST = 3, C_FULL = 4;
  localparam int C_WR = 5, C_RD = 6, C_BOTH = 7, C_WR_STALLED = 8, C_RD_STARVED = 9, C_BOTH_AT_ALMOST = 10;
  localparam int C_WR_WRAP = 11, C_CLEAR_EMPTY = 12, C_CLEAR_MID = 13, C_CLEAR_FULL = 14, C_CLEAR_BUSY = 15;
  localparam int C_RUN_OF_4_WR = 16, C_RUN_OF_4_RD = 17;
  localparam int COV_BINS = 18;

  function automatic string cov_name(input int i);
    case (i)
      C_EMPTY: return "level_cg.level.empty";
      C_ONE: return "level_cg.level.one";
      C_MID: return "level_cg.level.middle";
      C_ALMOST: return "level_cg.level.almost_full";
      C_FULL: return "level_cg.level.full";
      C_WR: return "traffic_cg.op.write";
      C_RD: return "traffic_cg.op.read";
      C_BOTH: return "traffic_cg.op.both";
      C_WR_STALLED: return "traffic_cg.stall.write_when_full";
      C_RD_STARVED: return "traffic_cg.stall.read_when_empty";
      C_BOTH_AT_ALMOST: return "traffic_cg.corner.both_at_almost_full";
      C_WR_WRAP: return "traffic_cg.corner.write_wraps";
      C_CLEAR_EMPTY: return "clear_cg.level.empty";
      C_CLEAR_MID: return "clear_cg.level.middle";
      C_CLEAR_FULL: return "clear_cg.level.full";
      C_CLEAR_BUSY: return "clear_cg.op.while_busy";
      C_RUN_OF_4_WR: return "traffic_cg.burst.four_writes";
      C_RUN_OF_4_RD: return "traffic_cg.burst.four_reads";
      default: return "unknown";
    endcase
  endfunction

  `include "bench.svh"

  logic clk = 1'b0, rst_n = 1'b0, clear = 1'b0;
  logic wr_valid = 1'b0, wr_ready, rd_valid, rd_ready = 1'b0, almost_full;
  logic [7:0] wr_data = 8'h00, rd_data;
  logic [AW:0] level;

  fifo #(.WIDTH(8), .DEPTH(DEPTH)) dut (
    .clk, .rst_n, .clear, .wr_valid, .wr_ready, .wr_data, .rd_valid, .rd_ready, .rd_data, .level, .almost_full
  );

  always #5 clk = ~clk;

  // Knobs and stimulus: driven on the falling edge, far from the sampling edge.
  int unsigned wr_pct, rd_pct, swing, clear_every, phase_left;
  logic filling = 1'b1;

  task automatic drive;
    int unsigned w, r;
    w = wr_pct;
    r = rd_pct;
    if (swing != 0) begin
      if (phase_left == 0) begin
        phase_left = rand_in(DEPTH, 4 * DEPTH);
        filling = !filling;
      end
      phase_left = phase_left - 1;
      w = filling ? 90 : 20;
      r = filling ? 20 : 90;
    end
    wr_valid = rand_pct(w);
    wr_data = rand_byte(0);
    rd_ready = rand_pct(r);
    clear = clear_every != 0 && rand_in(1, clear_every) == 1;
  endtask

  // The model: what was written and not yet read, oldest first.
  logic [7:0] model [DEPTH];
  int unsigned held = 0, head = 0, tail = 0, run_wr = 0, run_rd = 0;

  task automatic cover_cycle(input logic do_wr, input logic do_rd);
    if (held == 0) hit(C_EMPTY);
    else if (held == 1) hit(C_ONE);
    else if (held == DEPTH) hit(C_FULL);
    else if (held >= DEPTH - 2) hit(C_ALMOST);
    else hit(C_MID);
    if (do_wr && do_rd) hit(C_BOTH);
    else if (do_wr) hit(C_WR);
    else if (do_rd) hit(C_RD);
    if (wr_valid && held == DEPTH) hit(C_WR_STALLED);
    if (rd_ready && held == 0) hit(C_RD_STARVED);
    if (do_wr && do_rd && held == DEPTH - 2) hit(C_BOTH_AT_ALMOST);
    if (do_wr && tail == DEPTH - 1) hit(C_WR_WRAP);
    if (clear && held == 0) hit(C_CLEAR_EMPTY);
    if (clear && held != 0 && held != DEPTH) hit(C_CLEAR_MID);
    if (clear && held == DEPTH) hit(C_CLEAR_FULL);
    if (clear && do_wr && do_rd) hit(C_CLEAR_BUSY);
    run_wr = do_wr ? run_wr + 1 : 0;
    run_rd = do_rd ? run_rd + 1 : 0;
    if (run_wr == 4) hit(C_RUN_OF_4_WR);
    if (run_rd == 4) hit(C_RUN_OF_4_RD);
  endtask

  // Compares the outputs with the model, one check and one message each, the data last.
  task automatic check_cycle(input logic do_rd);
    if (level !== held[AW:0])
      bench_fail(`__LINE__, $sformatf("level mismatch: expected %0d got %0d", held, level));
    else if (wr_ready !== (held != DEPTH))
      bench_fail(`__LINE__, $sformatf("wr_ready is %b with %0d of %0d words held", wr_ready, held, DEPTH));
    else if (rd_valid !== (held != 0))
      bench_fail(`__LINE__, $sformatf("rd_valid is %b with %0d of %0d words held", rd_valid, held, DEPTH));
    else if (almost_full !== (held >= DEPTH - 2))
      bench_fail(`__LINE__, $sformatf("almost_full is %b with %0d of %0d words held", almost_full, held, DEPTH));
    else if (do_rd && rd_data !== model[head])
      bench_fail(`__LINE__, $sformatf("data mismatch: expected 0x%02h got 0x%02h", model[head], rd_data));
  endtask

  task automatic update_model(input logic do_wr, input logic do_rd);
    if (do_rd) begin
      head = (head + 1) % DEPTH;
      held = held - 1;
      bench_done = bench_done + 1;
    end
    if (do_wr) begin
      model[tail] = wr_data;
      tail = (tail + 1) % DEPTH;
      held = held + 1;
    end
    if (clear) begin
      bench_done = bench_done + held;
      held = 0;
      head = 0;
      tail = 0;
    end
  endtask

  task automatic one_cycle;
    logic do_wr, do_rd;
    do_wr = wr_valid && held != DEPTH;
    do_rd = rd_ready && held != 0;
    check_cycle(do_rd);
    cover_cycle(do_wr, do_rd);
    update_model(do_wr, do_rd);
  endtask

  initial begin
    bench_start(400);
    if (!$value$plusargs("wr_pct=%d", wr_pct)) wr_pct = 50;
    if (!$value$plusargs("rd_pct=%d", rd_pct)) rd_pct = 50;
    if (!$value$plusargs("swing=%d", swing)) swing = 0;
    if (!$value$plusargs("clear_every=%d", clear_every)) clear_every = 0;
    phase_left = 0;
    repeat (3) @(negedge clk);
    rst_n = 1'b1;
    while (bench_done < knob_n && !bench_failed) begin
      @(negedge clk);
      drive;
      @(posedge clk);
      one_cycle;
    end
    if (!bench_failed) bench_finish;
  end
endmodule
// verilator coverage_on
