import {test} from 'vitest';
import {score, scoreFused, bytes, wasm, createLoss, batchOf, javascript} from '../score.js';
import {flatPair, texturedPair, ignoreMask, weightMap} from './images.js';
test('flat dev', async () => {
  for (const side of [31]) for (const [p,t] of [[250,250],[250,245],[255,250],[255,254],[3,0]] as const) {
    const rs = {pred: bytes(side,side,1,Array.from({length:side*side},(_,i)=>i%97===0?Math.max(0,p-1):p)), target: bytes(side,side,1,Array(side*side).fill(t))};
    for (const type of side>=161?['ssim','ms-ssim']:['ssim']) {
    const a=(await score({type},rs))[''] as number,b=(await scoreFused({type},rs))[''] as number;
    console.log(side,p,t,type,b,Math.abs(a-b)/b);}
  }
}, 300000);
test('memory', async () => {
  const tf = await wasm();
  for (const [type, opts] of [['ms-ssim',{}],['gmsd',{}]] as const) for (const side of [300,520]) for (const c of [1,3]) for (const masked of [0,1]) {
    const {descriptor, instance} = await createLoss({type, ...opts}, tf);
    const rs={...texturedPair(side,side,c), ...(masked?{ignore:ignoreMask(side,side),weight:weightMap(side,side)}:{})};
    const batch = batchOf(descriptor, instance, [rs], tf);
    const before=tf.memory().numBytes;
    const feeds=instance.program!.feed(batch);
    const fed=tf.memory().numBytes-before;
    const prof=await tf.profile(()=>tf.tidy(()=>instance.program!.forward(feeds)) as any);
    console.log(type,JSON.stringify(opts),side,c,masked,'feeds',(fed/(4*side*side*c)).toFixed(2),'peak',(prof.peakBytes/(4*side*side*c)).toFixed(2),'est',instance.memory(side,side,c)/(4*side*side*c));
    batch.dispose();
  }
}, 300000);
