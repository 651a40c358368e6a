import { createServer } from 'node:http';
import { Eta } from 'eta/core';
import * as openid from 'openid-client';
const {PORT,AUTHORITY,CLIENT_ID,CLIENT_SECRET}=process.env;
const eta=new Eta();eta.loadTemplate('@home','<p>Hello <%= it.name %></p>');
const disc=openid.discovery(new URL(`${AUTHORITY}/B2C_1_susi/v2.0/.well-known/openid-configuration`),CLIENT_ID,CLIENT_SECRET,undefined,{execute:[openid.allowInsecureRequests,openid.enableNonRepudiationChecks]});
if(process.argv[2]!=='lazy') await disc;
createServer((q,r)=>{r.end(eta.render('@home',{name:'x'}))}).listen(PORT,'127.0.0.1');
