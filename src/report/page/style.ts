/** The look of the page: light and dark, narrow and wide, on paper. */
export const style = `
:root{color-scheme:light dark;--ground:#fff;--panel:#f4f6f8;--ink:#1a1d21;--dim:#59636e;--line:#d5dbe1;--link:#0b5cad;
--pass:#1a7f37;--warn:#8a5a00;--fail:#c11f2c;--skip:#59636e;
--c1:#1f6fb4;--c2:#c4560b;--c3:#2a8a3e;--c4:#7a4fb5;--c5:#c0303b;--c6:#0f7f86;--c7:#8a6d00;--c8:#6b7480}
@media (prefers-color-scheme:dark){:root{--ground:#14171a;--panel:#1e2226;--ink:#e7eaed;--dim:#a3adb8;--line:#39414a;--link:#79b8ff;
--pass:#4ac26b;--warn:#e0a93b;--fail:#ff7b83;--skip:#a3adb8;
--c1:#6cb2f0;--c2:#f39a4c;--c3:#5fce76;--c4:#b794f0;--c5:#ff7b83;--c6:#4ecad2;--c7:#e0c04a;--c8:#9aa4b0}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}
main,header,footer,nav{max-width:960px;margin:0 auto;padding:0 20px}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--ground);padding:8px;z-index:2}
h1{font-size:1.45rem;line-height:1.25;margin:0}h2{font-size:1.2rem;margin:2.6rem 0 .6rem;padding-top:1rem;border-top:1px solid var(--line)}h3{font-size:1rem;margin:1.6rem 0 .4rem}
.verdict{display:flex;gap:16px;align-items:center;margin:24px 0 8px;padding:16px;border-radius:10px;background:var(--panel);border-left:8px solid var(--tone)}
.verdict .word{font-size:1.7rem;font-weight:700;color:var(--tone);letter-spacing:.02em}
.verdict p{margin:.2rem 0 0;color:var(--dim)}
.pass{--tone:var(--pass)}.warn{--tone:var(--warn)}.fail{--tone:var(--fail)}.skip-gate{--tone:var(--skip)}
.outcome{color:var(--tone);font-weight:600;white-space:nowrap}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;padding:0;margin:12px 0;list-style:none}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:10px;margin:16px 0;padding:0}
.cards div{background:var(--panel);border-radius:8px;padding:10px 12px}
.cards dt{color:var(--dim);font-size:.82rem}.cards dd{margin:0;font-size:1.15rem;font-weight:600}.cards small{display:block;font-weight:400;color:var(--dim);font-size:.8rem;line-height:1.3}
.scroll{overflow-x:auto;margin:8px 0}
table{border-collapse:collapse;width:100%;font-size:.88rem}
th,td{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--dim);font-weight:600;white-space:nowrap}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td{overflow-wrap:break-word}td.name{min-width:9rem;overflow-wrap:anywhere}.facts td{overflow-wrap:anywhere}.scroll td:not(.name){min-width:5rem}.scroll td.w{white-space:nowrap}
th button{all:unset;cursor:pointer;color:inherit}th button:focus-visible{outline:3px solid var(--link)}
th button::after{content:" \\2195";opacity:.45}th[aria-sort=ascending] button::after{content:" \\2191";opacity:1}th[aria-sort=descending] button::after{content:" \\2193";opacity:1}
.layers{max-height:70vh;overflow:auto;border:1px solid var(--line);border-radius:8px;padding-left:10px}
.layers thead th{position:sticky;top:0;background:var(--ground)}
.filter{display:flex;flex-wrap:wrap;gap:12px;align-items:end;margin:8px 0}.filter label{display:grid;font-size:.82rem;color:var(--dim)}
input,select{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--dim);border-radius:6px;padding:5px 8px;max-width:100%}
figure{margin:1.2rem 0 2rem}figcaption{color:var(--dim);font-size:.86rem;max-width:75ch}
figure svg{display:block;max-width:100%;height:auto}
.phone{display:none}
.findings{padding-left:1.2rem}.findings li{margin:.5rem 0}
.worst{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:10px;padding:0;list-style:none}.worst li{display:flex;gap:10px;align-items:center;background:var(--panel);border-radius:8px;padding:8px;font-size:.88rem}
.worst img{flex:none;width:96px;height:auto;image-rendering:pixelated;border-radius:4px}.worst small{display:block;color:var(--dim)}.sheet img{max-width:100%;height:auto}
code{font:.86em ui-monospace,Consolas,monospace}
.facts td:first-child{color:var(--dim);width:12rem}
footer{margin-top:3rem;padding-bottom:3rem;color:var(--dim);font-size:.86rem}
@media (max-width:640px){main,header,footer,nav{padding:0 12px}.wide{display:none}.phone{display:block}.verdict{flex-direction:column;align-items:start;gap:4px}.facts td:first-child{width:7rem}h1{font-size:1.2rem}}
@media print{:root{color-scheme:light;--ground:#fff;--panel:#f4f6f8;--ink:#000;--dim:#444;--line:#bbb;--link:#000;--pass:#1a7f37;--warn:#8a5a00;--fail:#c11f2c;--skip:#444;
--c1:#1f6fb4;--c2:#c4560b;--c3:#2a8a3e;--c4:#7a4fb5;--c5:#c0303b;--c6:#0f7f86;--c7:#8a6d00;--c8:#6b7480}
nav,.filter,.skip{display:none}.layers{max-height:none;overflow:visible;border:0}.scroll{overflow:visible}.wide{display:block}.phone{display:none}
figure,tr,.verdict,.cards div,.worst li{break-inside:avoid}h2,h3{break-after:avoid}th button::after{content:""}body{font-size:11px;-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`
