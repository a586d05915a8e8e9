/* guanxi: channel relationship management. The only file that knows features and doors both. */
#include "base/crypto.h"
#include "edge/cli.h"
#include "feature/features.h"
#include "op/op.h"
#include "op/trace.h"

int main(int argc, char **argv)
{
    crypto_start();
    op_start(features);
    trace_start();
    return cli_main(argc, argv);
}
