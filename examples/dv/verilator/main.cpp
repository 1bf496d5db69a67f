// The main program of every Verilator build here. Verilator's own one writes no coverage; this one does, on +covdat=FILE,
// and puts the size of that file in FILE.size, so that the merge step can tell a whole file from a torn one.
// It knows nothing of the design: the build names the model Vtb.

#include <cstdio>
#include <memory>
#include <string>
#include <sys/stat.h>

#include "Vtb.h"
#include "verilated.h"
#include "verilated_cov.h"

namespace {

#if VM_COVERAGE
// The value of "+covdat=FILE", or "" when it was not given.
std::string coveragePath(const VerilatedContext& context) {
    const std::string prefix = "+covdat=";
    const std::string match = const_cast<VerilatedContext&>(context).commandArgsPlusMatch("covdat=");
    return match.compare(0, prefix.size(), prefix) == 0 ? match.substr(prefix.size()) : "";
}

bool writeCoverage(VerilatedContext& context, const std::string& path) {
    context.coveragep()->write(path.c_str());
    struct stat info;
    if (stat(path.c_str(), &info) != 0) return false;
    std::FILE* const sizeFile = std::fopen((path + ".size").c_str(), "w");
    if (!sizeFile) return false;
    const bool written = std::fprintf(sizeFile, "%lld\n", static_cast<long long>(info.st_size)) > 0;
    return std::fclose(sizeFile) == 0 && written;
}
#endif

}  // namespace

int main(int argc, char** argv) {
    const std::unique_ptr<VerilatedContext> context{new VerilatedContext};
    context->commandArgs(argc, argv);
    context->traceEverOn(true);
    const std::unique_ptr<Vtb> top{new Vtb{context.get(), ""}};
    while (!context->gotFinish()) {
        top->eval();
        if (!top->eventsPending()) break;
        context->time(top->nextTimeSlot());
    }
    top->final();
#if VM_COVERAGE
    const std::string path = coveragePath(*context);
    if (!path.empty() && !writeCoverage(*context, path)) {
        std::fprintf(stderr, "ERROR: main.cpp: cannot write the coverage file %s\n", path.c_str());
        return 1;
    }
#endif
    return 0;
}
