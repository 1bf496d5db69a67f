// A synchronous FIFO with a level output, an early warning and a synchronous clear.
// It knows nothing of what is stored in it. Defining BUGGY plants three bugs, each marked below.
`timescale 1ns/1ps

module fifo #(
  parameter int WIDTH = 8,
  parameter int DEPTH = 8,  // words, a power of two, at least 4
  localparam int AW = $clog2(DEPTH)
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic             clear,        // drops every word; wins over a write and a read
  input  logic             wr_valid,
  output logic             wr_ready,
  input  logic [WIDTH-1:0] wr_data,
  output logic             rd_valid,
  input  logic             rd_ready,
  output logic [WIDTH-1:0] rd_data,
  output logic [AW:0]      level,        // words held, 0 to DEPTH
  output logic             almost_full   // two words or fewer are free
);
  logic [WIDTH-1:0] mem [DEPTH];
  logic [AW-1:0] wr_ptr, rd_ptr;
  logic [AW:0] next_level;

  wire do_wr = wr_valid && wr_ready;
  wire do_rd = rd_valid && rd_ready;

  assign wr_ready = level != DEPTH[AW:0];
  assign rd_valid = level != 0;
  assign rd_data = mem[rd_ptr];

  always_comb begin
    next_level = level;
    if (clear) next_level = 0;
    else if (do_wr && !do_rd) next_level = level + 1'b1;
    else if (do_rd && !do_wr) next_level = level - 1'b1;
`ifdef BUGGY
    // Bug 1: a word that arrives and a word that leaves in the very cycle of a clear survive it in the count.
    if (clear && do_wr && do_rd) next_level = level;
`endif
  end

`ifdef BUGGY
  // Bug 2: in the last slot, a "nothing would change" write gate overlooks the top bit.
  initial for (int i = 0; i < DEPTH; i++) mem[i] = 0;
  wire unchanged = wr_ptr == AW'(DEPTH - 1) && wr_data[WIDTH-2:0] == mem[wr_ptr][WIDTH-2:0];
`else
  wire unchanged = 1'b0;
`endif
  wire mem_we = do_wr && !clear && !unchanged;

  always_ff @(posedge clk) begin
    if (mem_we) mem[wr_ptr] <= wr_data;
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      wr_ptr <= 0;
      rd_ptr <= 0;
      level <= 0;
      almost_full <= 1'b0;
    end else begin
      wr_ptr <= clear ? {AW{1'b0}} : wr_ptr + AW'(do_wr);
      rd_ptr <= clear ? {AW{1'b0}} : rd_ptr + AW'(do_rd);
      level <= next_level;
      almost_full <= next_level >= DEPTH[AW:0] - 2;
`ifdef BUGGY
      // Bug 3: deep FIFOs only, the warning drops when a write that wraps meets a read at its threshold.
      if (DEPTH > 8 && do_wr && do_rd && wr_ptr == AW'(DEPTH - 1) && level == DEPTH[AW:0] - 2) almost_full <= 1'b0;
`endif
    end
  end
endmodule
