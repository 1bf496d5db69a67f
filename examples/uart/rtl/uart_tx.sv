// A UART transmitter: start bit, eight data bits (lowest first), optional parity, one stop bit.
// It knows nothing of the receiver. Defining BUGGY plants two bugs, each marked below.
`timescale 1ns/1ps

module uart_tx (
  input  logic       clk,
  input  logic       rst_n,
  input  logic [7:0] divisor,     // clocks per bit, at least 4
  input  logic       parity_en,
  input  logic       parity_odd,
  input  logic       valid,
  output logic       ready,       // high for the cycle in which a byte is taken
  input  logic [7:0] data,
  output logic       line
);
  // One shift register carries the frame: {stop, parity if any, data, start}, sent from bit 0.
  logic [10:0] frame;
  logic [3:0] bits_left;
  logic [7:0] ticks_left;

  wire last_tick = ticks_left == 1;
  wire idle = bits_left == 0;
  assign ready = idle && valid;
  assign line = idle ? 1'b1 : frame[0];

  logic parity;
  always_comb parity = (^data) ^ parity_odd;

`ifdef BUGGY
  logic [7:0] held_data;
  logic held_parity, valid_q, stuck;
  // Bug 4: to save power the parity bit is computed anew only when data bits 7 to 2 change.
  wire sent_parity = (data[7:2] == held_data[7:2]) ? held_parity : parity;
  // Bug 5: a request that rises on one of the last two ticks of a stop bit is never served, nor is any later one.
  wire late_request = bits_left == 1 && ticks_left <= 2 && valid && !valid_q;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      held_data <= 8'h00;
      held_parity <= 1'b0;
      valid_q <= 1'b0;
      stuck <= 1'b0;
    end else begin
      valid_q <= valid;
      if (late_request) stuck <= 1'b1;
      if (ready) begin
        held_data <= data;
        held_parity <= sent_parity;
      end
    end
  end
`else
  wire sent_parity = parity;
  wire late_request = 1'b0;
  wire stuck = 1'b0;
`endif

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      frame <= 11'h7ff;
      bits_left <= 0;
      ticks_left <= 0;
    end else if (ready) begin
      frame <= parity_en ? {1'b1, sent_parity, data, 1'b0} : {2'b11, data, 1'b0};
      bits_left <= parity_en ? 4'd11 : 4'd10;
      ticks_left <= divisor;
    end else if (!idle) begin
      if (!last_tick) begin
        ticks_left <= ticks_left - 1'b1;
      end else if (!(late_request || stuck)) begin
        frame <= {1'b1, frame[10:1]};
        bits_left <= bits_left - 1'b1;
        ticks_left <= divisor;
      end
    end
  end
endmodule
