/** One model over one file of journeys, as `hub attribute --journeys` runs it. */
import { run } from '../src/cli/run.ts';
import { report } from './measure.ts';

const [file = '', model = ''] = process.argv.slice(2);
const code = await run(['attribute', '--journeys', file, '--model', model]);
if (code !== 0) throw new Error(`attribute --model ${model} ended with ${code}`);
report(null);
