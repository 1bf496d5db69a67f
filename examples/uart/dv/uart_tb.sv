// Self-checking constrained-random bench of the UART: the line is looped back, and what arrives is compared with what
// was sent. It knows nothing of how the UART is built, and has no watchdog: the job's time limit bounds a hang.
//
// Knobs beside the common ones: +parity (0 none, 1 even, 2 odd, else drawn for the run), +held_pct (how often the next
// byte waits at the port while a frame goes out), +any_time=1 (bytes are offered at any moment instead),
// +glitch_pct (short low pulses between frames), +error_pct (hand-made frames with a wrong parity or stop bit).
`timescale 1ns/1ps
`define BENCH_FILE "uart_tb.sv"

// Code coverage is of the design, not of its bench.
// verilator coverage_off
module uart_tb;
  localparam int C_PAR_NONE = 0, C_PAR_EVEN = 1, C_PAR_ODD = 2, C_DIV_EVEN = 3, C_DIV_ODD = 4;
  localparam int C_ZEROS = 5, C_ONES = 6, C_OTHER = 7, C_SAME = 8;
  localparam int C_GAP_HELD = 9, C_GAP_SHORT = 10, C_GAP_LONG = 11;
  localparam int C_GLITCH_1 = 12, C_GLITCH_MID = 13, C_GLITCH_MAX = 14;
  localparam int C_BAD_PARITY = 15, C_BAD_STOP = 16, C_BUSY_OFFER = 17;
  localparam int COV_BINS = 18;

  function automatic string cov_name(input int i);
    case (i)
      C_PAR_NONE: return "config_cg.parity.none";
      C_PAR_EVEN: return "config_cg.parity.even";
      C_PAR_ODD: return "config_cg.parity.odd";
      C_DIV_EVEN: return "config_cg.divisor.even";
      C_DIV_ODD: return "config_cg.divisor.odd";
      C_ZEROS: return "frame_cg.data.zeros";
      C_ONES: return "frame_cg.data.ones";
      C_OTHER: return "frame_cg.data.other";
      C_SAME: return "frame_cg.data.same_as_before";
      C_GAP_HELD: return "frame_cg.gap.none";
      C_GAP_SHORT: return "frame_cg.gap.short";
      C_GAP_LONG: return "frame_cg.gap.long";
      C_BUSY_OFFER: return "frame_cg.gap.offered_while_busy";
      C_GLITCH_1: return "noise_cg.width.one_clock";
      C_GLITCH_MID: return "noise_cg.width.middle";
      C_GLITCH_MAX: return "noise_cg.width.half_a_bit";
      C_BAD_PARITY: return "error_cg.kind.parity";
      C_BAD_STOP: return "error_cg.kind.stop";
      default: return "unknown";
    endcase
  endfunction

  `include "bench.svh"

  logic clk = 1'b0, rst_n = 1'b0;
  logic [7:0] divisor = 8'd8;
  logic parity_en = 1'b0, parity_odd = 1'b0;
  logic tx_valid = 1'b0, tx_ready, tx_line, rx_line, rx_valid, rx_parity_err, rx_frame_err;
  logic [7:0] tx_data = 8'h00, rx_data;
  logic drive_line = 1'b0, driven = 1'b1;  // the bench takes the line over to inject noise and wrong frames
  assign rx_line = drive_line ? driven : tx_line;

  uart dut (
    .clk, .rst_n, .divisor, .parity_en, .parity_odd, .tx_valid, .tx_ready, .tx_data, .tx_line,
    .rx_line, .rx_valid, .rx_data, .rx_parity_err, .rx_frame_err
  );

  always #5 clk = ~clk;

  // The one frame on the line, as it must arrive.
  logic exp_pending = 1'b0, exp_parity_err = 1'b0, exp_frame_err = 1'b0;
  logic [7:0] exp_data = 8'h00, prev_data = 8'h00;
  int unsigned glitch_width = 0, bit_clocks = 8;

  always @(posedge clk) if (rst_n && rx_valid && !bench_failed) begin
    if (!exp_pending)
      bench_fail(`__LINE__, $sformatf("frame 0x%02h received after a low pulse of %0d clocks, divisor %0d",
                 rx_data, glitch_width, divisor));
    else if (rx_parity_err !== exp_parity_err)
      bench_fail(`__LINE__, $sformatf("parity_err is %b on frame 0x%02h, expected %b",
                 rx_parity_err, rx_data, exp_parity_err));
    else if (rx_frame_err !== exp_frame_err)
      bench_fail(`__LINE__, $sformatf("frame_err is %b on frame 0x%02h, expected %b",
                 rx_frame_err, rx_data, exp_frame_err));
    else if (rx_data !== exp_data)
      bench_fail(`__LINE__, $sformatf("data mismatch: expected 0x%02h got 0x%02h", exp_data, rx_data));
    exp_pending = 1'b0;
    bench_done = bench_done + 1;
  end

  task automatic expect_frame(input logic [7:0] data, input logic parity_err, input logic frame_err);
    exp_data = data;
    exp_parity_err = parity_err;
    exp_frame_err = frame_err;
    exp_pending = 1'b1;
    if (data == 8'h00) hit(C_ZEROS);
    else if (data == 8'hff) hit(C_ONES);
    else hit(C_OTHER);
    if (data == prev_data) hit(C_SAME);
    prev_data = data;
  endtask

  function automatic logic [7:0] draw_data(input int unsigned unused);
    int unsigned kind;
    kind = rand_in(0, 15);  // drawn once: as the case expression it would be drawn again for each branch
    case (kind)
      0: return 8'h00;
      1: return 8'hff;
      2: return prev_data;
      default: return rand_byte(0);
    endcase
  endfunction

  task automatic wait_clocks(input int unsigned clocks);
    repeat (clocks) @(negedge clk);
  endtask

  // Offers a byte now and returns when it is taken.
  task automatic offer(input logic [7:0] data);
    tx_data = data;
    tx_valid = 1'b1;
    @(posedge clk);
    while (!tx_ready) @(posedge clk);
    expect_frame(data, 1'b0, 1'b0);
    @(negedge clk);
    tx_valid = 1'b0;
  endtask

  // Returns when the frame on the line has been checked and the transmitter is idle again.
  task automatic settle;
    while (exp_pending && !bench_failed) @(negedge clk);
    wait_clocks(bit_clocks);
  endtask

  // Longest pulse that must be ignored: half a bit.
  task automatic inject_glitch;
    glitch_width = rand_in(1, bit_clocks / 2);
    if (glitch_width == 1) hit(C_GLITCH_1);
    else if (glitch_width == bit_clocks / 2) hit(C_GLITCH_MAX);
    else hit(C_GLITCH_MID);
    driven = 1'b0;
    drive_line = 1'b1;
    wait_clocks(glitch_width);
    driven = 1'b1;
    wait_clocks(12 * bit_clocks);  // a frame, were one to come of it
    drive_line = 1'b0;
  endtask

  task automatic inject_bad_frame(input logic [7:0] data);
    logic bad_parity, parity;
    bad_parity = parity_en && rand_pct(50);
    hit(bad_parity ? C_BAD_PARITY : C_BAD_STOP);
    parity = (^data) ^ parity_odd ^ bad_parity;
    expect_frame(data, bad_parity, !bad_parity);
    drive_line = 1'b1;
    driven = 1'b0;
    wait_clocks(bit_clocks);
    for (int i = 0; i < 8; i++) begin
      driven = data[i];
      wait_clocks(bit_clocks);
    end
    if (parity_en) begin
      driven = parity;
      wait_clocks(bit_clocks);
    end
    driven = bad_parity;  // the stop bit: high, as it should be, when parity is what is wrong
    while (exp_pending && !bench_failed) @(negedge clk);
    driven = 1'b1;
    wait_clocks(2 * bit_clocks);
    drive_line = 1'b0;
  endtask

  int unsigned parity_knob, held_pct, any_time, glitch_pct, error_pct, gap;

  task automatic configure;
    if (!$value$plusargs("parity=%d", parity_knob)) parity_knob = 3;
    if (!$value$plusargs("held_pct=%d", held_pct)) held_pct = 50;
    if (!$value$plusargs("any_time=%d", any_time)) any_time = 0;
    if (!$value$plusargs("glitch_pct=%d", glitch_pct)) glitch_pct = 0;
    if (!$value$plusargs("error_pct=%d", error_pct)) error_pct = 0;
    if (parity_knob > 2) parity_knob = rand_in(0, 2);
    bit_clocks = rand_in(8, 15);
    divisor = bit_clocks[7:0];
    parity_en = parity_knob != 0;
    parity_odd = parity_knob == 2;
    hit(C_PAR_NONE + parity_knob);
    hit(divisor[0] ? C_DIV_ODD : C_DIV_EVEN);
    $display("INFO: @ 0 ns: divisor %0d, parity_en %b, parity_odd %b", bit_clocks, parity_en, parity_odd);
    $fflush;
  endtask

  // One byte through the transmitter, with one of three ways to time the offer.
  task automatic send_one;
    if (any_time != 0) begin
      gap = rand_in(0, 14 * bit_clocks);
      wait_clocks(gap);
      if (exp_pending) hit(C_BUSY_OFFER);
    end else if (rand_pct(held_pct)) begin
      hit(C_GAP_HELD);
    end else begin
      settle;
      gap = rand_in(0, 4 * bit_clocks);
      hit(gap <= bit_clocks ? C_GAP_SHORT : C_GAP_LONG);
      wait_clocks(gap);
    end
    if (!bench_failed) offer(draw_data(0));
  endtask

  initial begin
    bench_start(100);
    configure;
    repeat (3) @(negedge clk);
    rst_n = 1'b1;
    for (int unsigned i = 0; i < knob_n && !bench_failed; i++) begin
      if (rand_pct(glitch_pct)) begin
        settle;
        inject_glitch;
      end
      if (rand_pct(error_pct)) begin
        settle;
        inject_bad_frame(draw_data(0));
      end else begin
        send_one;
      end
    end
    settle;
    if (!bench_failed) bench_finish;
  end
endmodule
// verilator coverage_on
