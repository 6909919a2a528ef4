/** The look of the page: system fonts, two palettes, nothing from outside. Each colour of a text has a contrast of 4.5 or more on its ground. */
export const style = `
:root{color-scheme:light dark;--ground:#f7f7f5;--card:#fff;--ink:#1b1f24;--soft:#58616b;--line:#e3e4e1;--well:#1b7a4b;--busy:#8a5a00;--ill:#b3261e;--illground:#fdf1f0;--link:#1f4fa8;--code:#f1f1ee}
@media (prefers-color-scheme:dark){:root{--ground:#111417;--card:#181c20;--ink:#e5e7e9;--soft:#9ba5af;--line:#2a3037;--well:#57c78d;--busy:#e0b04a;--ill:#ff8a80;--illground:#2a1a1a;--link:#8fb8ff;--code:#0f1214}}
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font-variant-numeric:tabular-nums}
a{color:var(--link);text-underline-offset:.2em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--link);outline-offset:3px;border-radius:3px}
h1,h2,h3,h4,p,ul,ol,dl,dd{margin:0;padding:0}
ul,ol{list-style:none}
code,.pid,.version{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
.version{font-weight:600}
code[title]{color:var(--soft)}
body>header,main,body>footer{max-width:70rem;margin:0 auto;padding:0 1.5rem}
body>header{padding-top:2.75rem;padding-bottom:.5rem}
.brand{display:flex;align-items:center;justify-content:space-between;gap:1rem;color:var(--soft);font-size:.875rem}
.brand b{font-weight:600;letter-spacing:.01em;color:var(--ink)}
.live{display:inline-flex;align-items:center;gap:.45rem}
.live::before{content:"";width:.5rem;height:.5rem;border-radius:50%;border:1.5px solid var(--soft)}
.live.on::before{background:var(--well);border-color:var(--well)}
.live.lost::before{background:none;border-color:var(--ill)}
.live.lost{color:var(--ill)}
h1{font-size:clamp(1.5rem,1.1rem + 1.8vw,2.125rem);line-height:1.2;font-weight:600;letter-spacing:-.018em;margin:1.5rem 0 .25rem;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:.8125rem;font-weight:600;color:var(--soft);letter-spacing:.02em;margin:2.75rem 0 .75rem}
h3{font-size:1.1875rem;line-height:1.3;font-weight:600;letter-spacing:-.01em;overflow-wrap:anywhere}
h4{font-size:.8125rem;font-weight:600;color:var(--soft);margin:0 0 .6rem}
table,.client,.chain{background:var(--card);border:1px solid var(--line);border-radius:10px}
table{width:100%;border-collapse:separate;border-spacing:0;font-size:.9375rem}
th,td{text-align:left;vertical-align:baseline;padding:.7rem 1rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th{border-top:0;font-size:.8125rem;font-weight:500;color:var(--soft);padding-block:.6rem}
tbody th{font-weight:600;min-width:10rem}
tbody th a{color:inherit;text-decoration-color:var(--line)}
tbody th a:hover{text-decoration-color:currentcolor}
td:nth-child(2){min-width:11rem}
td:nth-child(3),td:nth-child(4){white-space:nowrap}
time{white-space:nowrap}
.mark{display:inline-block;width:1.35em;font-size:.8em;line-height:1}
.mark.well{color:var(--well)}.mark.busy{color:var(--busy)}.mark.ill{color:var(--ill)}
.quiet{color:var(--soft)}
.client{padding:1.5rem;margin-bottom:1rem}
.client>header{display:flex;flex-wrap:wrap;align-items:baseline;gap:.15rem 1rem;margin-bottom:1rem}
.state{color:var(--soft)}
.trouble{background:var(--illground);border-left:3px solid var(--ill);border-radius:3px;padding:.7rem .9rem;margin:0 0 1rem;font-size:.9375rem;overflow-wrap:anywhere}
header .trouble{margin-top:1rem}
.trouble .moves{margin-top:.6rem}
.columns{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.5rem 3rem}
dl+h4,.quarantine+h4{margin-top:1.6rem}
dl{font-size:.9375rem}
dl>div{display:grid;grid-template-columns:6rem minmax(0,1fr);gap:.75rem;padding:.32rem 0}
dt{color:var(--soft)}
dd{overflow-wrap:anywhere}
.quarantine{margin-top:1.25rem}
.quarantine li{font-size:.9375rem;padding:0 0 .4rem;overflow-wrap:anywhere}
.moves li+li{margin-top:.8rem}
.moves p{font-size:.8125rem;color:var(--soft);margin-top:.25rem;overflow-wrap:anywhere}
.command{display:flex;align-items:stretch;background:var(--code);border:1px solid var(--line);border-radius:6px}
.command code{flex:1;min-width:0;padding:.45rem .7rem;overflow-x:auto;white-space:pre;font-size:.8125rem;line-height:1.5}
.copy{display:none;border:0;border-left:1px solid var(--line);background:none;color:var(--link);font:inherit;font-size:.8125rem;min-width:4.5rem;padding:0 .8rem;cursor:pointer;border-radius:0 5px 5px 0}
.copy:hover{background:var(--card)}
.live-page .copy{display:block}
details{margin-top:.9rem}
summary{cursor:pointer;color:var(--soft);font-size:.875rem;width:fit-content}
details[open]>summary{margin-bottom:.7rem}
.timeline{border-left:1px solid var(--line);margin-left:.3rem}
.timeline li{position:relative;padding:0 0 .85rem 1.15rem;font-size:.9375rem}
.timeline li:last-child{padding-bottom:.15rem}
.timeline li::before{content:"";position:absolute;left:-.28rem;top:.5em;width:.5rem;height:.5rem;border-radius:50%;background:var(--card);border:1.5px solid var(--soft)}
.timeline .good::before{background:var(--well);border-color:var(--well)}
.timeline .bad::before{background:var(--ill);border-color:var(--ill);border-radius:1px}
.timeline .care::before{border-color:var(--busy);background:var(--busy);transform:rotate(45deg) scale(.85);border-radius:1px}
.timeline p{overflow-wrap:anywhere}
.timeline time{font-size:.8125rem;color:var(--soft)}
.chains{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1rem}
.chain{padding:1.25rem 1.5rem}
.chain .trouble{margin:.6rem 0}
.chain .head{margin:.35rem 0 .75rem;color:var(--soft)}
.chain .block{font-size:1.5rem;font-weight:600;letter-spacing:-.01em;color:var(--ink)}
.chain strong{color:var(--ill);font-weight:600}
.endpoints{margin-top:.75rem;padding-top:.75rem;border-top:1px solid var(--line);font-size:.875rem}
.endpoints li{display:grid;grid-template-columns:1.1rem minmax(0,1fr);align-items:baseline;padding:.2rem 0}
.endpoints p{overflow-wrap:anywhere}
body>footer{margin-top:3rem;padding-top:1rem;padding-bottom:3rem;color:var(--soft);font-size:.8125rem;overflow-wrap:anywhere}
body>footer p+p{margin-top:.35rem}
.unseen,.skip:not(:focus){position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{position:absolute;left:1rem;top:.75rem;background:var(--card);padding:.4rem .8rem;border-radius:6px}
@media (max-width:46rem){
body>header,main,body>footer{padding-left:1rem;padding-right:1rem}
body>header{padding-top:1.5rem}
.client,.chain{padding:1.1rem 1rem}
.columns{grid-template-columns:minmax(0,1fr)}
}
@media (max-width:60rem){
table,tbody,tr,td,tbody th{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{padding:.75rem 1rem;border-top:1px solid var(--line)}
tbody tr:first-child{border-top:0}
tbody th,td{border:0;padding:.12rem 0;white-space:normal}
td:nth-child(3),td:nth-child(4){white-space:normal}
td{display:grid;grid-template-columns:5.5rem minmax(0,1fr)}
td::before{content:attr(data-label);color:var(--soft)}
td.none{display:none}
}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{.copy,.live,.skip{display:none!important}}
`;
