using System.Net;
using System.Security.Cryptography;
using System.Text;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Surveys;

/// <summary>The page of a survey: one column for a telephone, no script, nothing from elsewhere, and nothing of the customer.</summary>
internal static class SurveyPage
{
    private const string Style =
        "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:0 auto;padding:1rem;color:#111}h1{font-size:1.3rem}"
        + "fieldset{border:1px solid #bbb;border-radius:.5rem;margin:0 0 1rem;padding:.6rem}legend{font-weight:bold}label{display:block;padding:.5rem 0}"
        + "input[type=radio],input[type=checkbox]{width:1.4rem;height:1.4rem;vertical-align:middle}textarea{width:100%;box-sizing:border-box;font:inherit}"
        + "button{font:inherit;padding:.8rem 2rem;width:100%}.wrong{color:#a00;font-weight:bold}";

    /// <summary>What a browser may do with the page: its own style by its hash, its own form, and nothing else.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'";

    /// <summary>The form. It is sent to the address of the page itself.</summary>
    public static string Form(SurveyTexts t, SurveyOccasion occasion, bool isIncomplete)
    {
        var page = Begin(t);
        page.Append($"<p>{E(t.Intro)}</p>");
        if (isIncomplete)
        {
            page.Append($"<p class=\"wrong\" role=\"alert\">{E(t.Incomplete)}</p>");
        }

        page.Append("<form method=\"post\">");
        Scale(page, "satisfaction", t.Satisfaction[occasion], 5, t.VeryDissatisfied, t.VerySatisfied, isRequired: true);
        Scale(page, "effort", t.Effort, 7, t.VeryHard, t.VeryEasy, isRequired: false);
        page.Append($"<fieldset><legend>{E(t.Comment)}</legend><textarea name=\"comment\" rows=\"4\" maxlength=\"1000\"></textarea>");
        page.Append($"<label><input type=\"checkbox\" name=\"contact\" value=\"yes\"> {E(t.Contact)}</label></fieldset>");
        page.Append($"<button>{E(t.Send)}</button></form>");
        var other = t.Language == "en" ? "zh-CN" : "en";
        page.Append($"<p><a href=\"?lang={other}\" lang=\"{other}\">{E(t.Other)}</a></p>");
        return End(page);
    }

    /// <summary>A page that says one sentence.</summary>
    public static string Message(SurveyTexts t, string sentence) => End(Begin(t).Append($"<p>{E(sentence)}</p>"));

    private static void Scale(StringBuilder page, string name, string question, int most, string low, string high, bool isRequired)
    {
        page.Append($"<fieldset><legend>{E(question)}</legend>");
        for (var i = 1; i <= most; i++)
        {
            var word = i == 1 ? $" · {low}" : i == most ? $" · {high}" : "";
            page.Append($"<label><input type=\"radio\" name=\"{name}\" value=\"{i}\"{(isRequired ? " required" : "")}> {i}{E(word)}</label>");
        }

        page.Append("</fieldset>");
    }

    private static StringBuilder Begin(SurveyTexts t) => new(
        $"<!doctype html><html lang=\"{t.Language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
        + $"<meta name=\"robots\" content=\"noindex\"><title>{E(t.Title)}</title><style>{Style}</style></head><body><main><h1>{E(t.Title)}</h1>");

    private static string End(StringBuilder page) => page.Append("</main></body></html>").ToString();

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
