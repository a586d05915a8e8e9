/* guanxi: channel relationship management. The only file that knows features and doors both. */
#include "base/crypto.h"
#include "edge/cli.h"
#include "feature/features.h"
#include "op/op.h"

int main(int argc, char **argv)
{
    crypto_start();
    op_start(features);
    return cli_main(argc, argv);
}
