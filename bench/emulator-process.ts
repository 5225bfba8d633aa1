/** An emulator in a process of its own: prints its connection config as JSON, ends when its input ends. */
import { emulatorOf } from '../src/app/stand-ins.ts';

const [system = '', knobs = '{}'] = process.argv.slice(2);
const emulator = await (await emulatorOf(system)).start({ knobs: JSON.parse(knobs) });
process.stdout.write(`${JSON.stringify(emulator.config)}\n`);
process.stdin.resume();
process.stdin.once('end', () => void emulator.close());
