using System.Security.Cryptography;
using System.Text;

namespace AccountGrid.Host.CustomerPages;

/// <summary>The style of customers' pages. It stands in them, so that a browser asks for nothing else.</summary>
internal static class CustomerStyle
{
    public const string Text =
        ":root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--link:#0b5394;--bad:#a40e26;--good:#1a6b34}"
        + "@media (prefers-color-scheme:dark){:root{--paper:#12161b;--ink:#e6edf3;--soft:#a3adb8;--line:#3a434d;--link:#8ec1f5;--bad:#ff9a9a;--good:#6fd08c}}"
        + "*{box-sizing:border-box}body{font:1.05rem/1.5 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1rem;background:var(--paper);"
        + "color:var(--ink);overflow-wrap:anywhere}h1{font-size:1.3rem}h2{font-size:1.1rem;margin:1.5rem 0 .4rem}a{color:var(--link)}"
        + ".amount{font-size:2rem;font-weight:700;margin:0}.soft{color:var(--soft)}.wrong{color:var(--bad);font-weight:600}"
        + ".good{color:var(--good);font-weight:600}"
        + "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .4rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}"
        + ".number{text-align:right;white-space:nowrap}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:0}dt{color:var(--soft)}"
        + "dd{margin:0}label{display:block;margin:.6rem 0 .2rem}select,textarea,button{font:inherit;color:inherit;background:var(--paper);"
        + "border:1px solid var(--soft);border-radius:.3rem;padding:.5rem;width:100%}button{margin-top:.8rem;min-height:2.8rem;cursor:pointer}"
        + ".chart{width:100%;height:8rem}.chart rect{fill:var(--link)}.chart rect.open{fill:var(--soft)}figure{margin:0}figcaption{color:var(--soft)}";

    /// <summary>What a browser may do with a page: its own style by its hash, its own form, and nothing else.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'; form-action 'self'; "
            + "frame-ancestors 'none'; base-uri 'none'";
}
