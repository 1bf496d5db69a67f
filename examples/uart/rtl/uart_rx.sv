// A UART receiver: samples each bit at its middle and rejects a start bit shorter than half a bit.
// It knows nothing of the transmitter. Defining BUGGY plants one bug, marked below.
`timescale 1ns/1ps

module uart_rx (
  input  logic       clk,
  input  logic       rst_n,
  input  logic [7:0] divisor,     // clocks per bit, at least 4
  input  logic       parity_en,
  input  logic       parity_odd,
  input  logic       line,
  output logic       valid,       // one cycle for each frame
  output logic [7:0] data,
  output logic       parity_err,  // these two hold while valid is high
  output logic       frame_err
);
  typedef enum logic [1:0] {IDLE, START, BITS, STOP} state_e;
  state_e state;
  logic [7:0] ticks_left;
  logic [3:0] bits_left;
  logic [8:0] shift;  // data, and above it the parity bit when there is one

  // A low level must last this many clocks, its first one not counted, to be a start bit.
  wire [7:0] half_bit = divisor >> 1;
`ifdef BUGGY
  // Bug 6: for an odd divisor the start filter looks too early.
  wire [7:0] start_ticks = divisor[0] ? half_bit - 8'd2 : half_bit;
`else
  wire [7:0] start_ticks = half_bit;
`endif

  wire [7:0] data_bits = parity_en ? shift[7:0] : shift[8:1];

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      state <= IDLE;
      ticks_left <= 0;
      bits_left <= 0;
      shift <= 0;
      valid <= 1'b0;
      data <= 8'h00;
      parity_err <= 1'b0;
      frame_err <= 1'b0;
    end else begin
      valid <= 1'b0;
      case (state)
        IDLE: if (!line) begin
          state <= START;
          ticks_left <= start_ticks;
        end
        START: if (ticks_left != 1) begin
          ticks_left <= ticks_left - 1'b1;
        end else begin
          state <= line ? IDLE : BITS;
          ticks_left <= divisor + (half_bit - start_ticks);
          bits_left <= parity_en ? 4'd9 : 4'd8;
        end
        BITS: if (ticks_left != 1) begin
          ticks_left <= ticks_left - 1'b1;
        end else begin
          shift <= {line, shift[8:1]};
          bits_left <= bits_left - 1'b1;
          ticks_left <= divisor;
          if (bits_left == 1) state <= STOP;
        end
        STOP: if (ticks_left != 1) begin
          ticks_left <= ticks_left - 1'b1;
        end else begin
          state <= IDLE;
          valid <= 1'b1;
          data <= data_bits;
          parity_err <= parity_en && (^{shift[8], data_bits} != parity_odd);
          frame_err <= !line;
        end
      endcase
    end
  end
endmodule
