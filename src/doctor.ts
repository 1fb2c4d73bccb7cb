import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { exitOnSignals } from './command.js';
import { diagnose, lineOf } from './doctor/index.js';

exitOnSignals();
// Modules log what the findings say.
Logger.overrideLogger(false);
const findings = await diagnose();
process.stdout.write(findings.map((finding) => `${lineOf(finding)}\n`).join(''));
if (findings.some(({ level }) => level === 'error')) process.exitCode = 1;
