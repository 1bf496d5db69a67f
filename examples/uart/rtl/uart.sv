// A UART: one transmitter and one receiver that share a configuration. It knows nothing of how the lines are wired.
`timescale 1ns/1ps

module uart (
  input  logic       clk,
  input  logic       rst_n,
  input  logic [7:0] divisor,
  input  logic       parity_en,
  input  logic       parity_odd,
  input  logic       tx_valid,
  output logic       tx_ready,
  input  logic [7:0] tx_data,
  output logic       tx_line,
  input  logic       rx_line,
  output logic       rx_valid,
  output logic [7:0] rx_data,
  output logic       rx_parity_err,
  output logic       rx_frame_err
);
  uart_tx u_tx (
    .clk, .rst_n, .divisor, .parity_en, .parity_odd,
    .valid(tx_valid), .ready(tx_ready), .data(tx_data), .line(tx_line)
  );

  uart_rx u_rx (
    .clk, .rst_n, .divisor, .parity_en, .parity_odd,
    .line(rx_line), .valid(rx_valid), .data(rx_data), .parity_err(rx_parity_err), .frame_err(rx_frame_err)
  );
endmodule
