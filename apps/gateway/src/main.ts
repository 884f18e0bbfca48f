/** The gateway as a process of this tree: `npm run gateway -- --port 8080 --rest-port 8079 --data DIR`. */

import { runGateway } from "@umbel/gateway/program";

await runGateway(process.argv.slice(2));
