// What every bench of these examples shares: random numbers, knobs, the verdict, the coverage file, waves.
// Included inside a bench module, which defines beforehand: localparam int COV_BINS, function string cov_name(int),
// and `BENCH_FILE, its own file name as it stands in messages. It knows nothing of any design.
//
// Knobs common to all: +seed=N, +n=N (transactions), +test=NAME, +fcov=FILE, +waves=FILE.

int unsigned cov_count [COV_BINS];
int unsigned knob_seed, knob_n;
string knob_test;
int unsigned bench_done = 0;  // transactions checked so far
logic bench_failed = 1'b0, bench_over = 1'b0;

// xorshift32. Its own generator, because $random(seed) differs between simulators.
int unsigned prng_state;

function automatic int unsigned rand32(input int unsigned unused);
  prng_state = prng_state ^ (prng_state << 13);
  prng_state = prng_state ^ (prng_state >> 17);
  prng_state = prng_state ^ (prng_state << 5);
  return prng_state;
endfunction

// Evenly in first..last.
function automatic int unsigned rand_in(input int unsigned first, input int unsigned last);
  return first + rand32(0) % (last - first + 1);
endfunction

function automatic logic [7:0] rand_byte(input int unsigned unused);
  return 8'(rand32(0) >> 24);
endfunction

// True in pct of 100 cases.
function automatic logic rand_pct(input int unsigned pct);
  return rand_in(0, 99) < pct;
endfunction

// Counts one hit of a coverage bin. Spelled out: Icarus 11 loses some "array[i]++".
task automatic hit(input int bin);
  cov_count[bin] = cov_count[bin] + 1;
endtask

task automatic bench_start(input int unsigned default_n);
  string waves;
  if (!$value$plusargs("seed=%d", knob_seed)) knob_seed = 1;
  if (!$value$plusargs("n=%d", knob_n)) knob_n = default_n;
  if (!$value$plusargs("test=%s", knob_test)) knob_test = "unnamed";
  // Neighbouring seeds must not give similar streams: spread the seed, then warm up. The state must not be 0.
  prng_state = (knob_seed * 32'h9e3779b1) ^ 32'h85ebca6b;
  if (prng_state == 0) prng_state = 32'h1;
  repeat (8) prng_state = rand32(0);
  for (int i = 0; i < COV_BINS; i++) cov_count[i] = 0;
  if ($value$plusargs("waves=%s", waves)) begin
    $dumpfile(waves);
    $dumpvars;
  end
  $display("INFO: @ 0 ns: test %s, seed %0d, %0d transactions", knob_test, knob_seed, knob_n);
  $fflush;  // a run that is killed later leaves at least this line
endtask

// The first error ends the run: what follows would only be its echo.
task automatic bench_fail(input int line, input string what);
  if (!bench_failed) begin
    bench_failed = 1'b1;
    $display("ERROR: %s:%0d: @ %0d ns: %s", `BENCH_FILE, line, $time, what);
  end
endtask

// One line for each bin between a head and a counted tail, so that a reader can tell a whole file from a torn one.
task automatic bench_write_coverage(input string path);
  int fd;
  fd = $fopen(path, "w");
  if (fd == 0) begin
    bench_fail(`__LINE__, {"cannot write the coverage file ", path});
  end else begin
    $fdisplay(fd, "fcov 1");
    $fdisplay(fd, "test %s", knob_test);
    $fdisplay(fd, "seed %0d", knob_seed);
    for (int i = 0; i < COV_BINS; i++) $fdisplay(fd, "bin %s %0d", cov_name(i), cov_count[i]);
    $fdisplay(fd, "verdict %s", bench_failed ? "failed" : "passed");
    $fdisplay(fd, "end %0d", COV_BINS);
    $fclose(fd);
  end
endtask

task automatic bench_finish;
  string fcov;
  if (!bench_over) begin
    bench_over = 1'b1;
    if ($value$plusargs("fcov=%s", fcov)) bench_write_coverage(fcov);
    $display("INFO: @ %0d ns: %0d of %0d transactions done", $time, bench_done, knob_n);
    $display("Simulated time: %0d ns", $time);
    if (bench_failed) $display("TEST FAILED CHECKS");
    else $display("TEST PASSED CHECKS");
    // Not $fatal: Verilator would abort, and write no coverage. The verdict is read from the log.
    $finish;
  end
endtask

always @(posedge bench_failed) bench_finish;
