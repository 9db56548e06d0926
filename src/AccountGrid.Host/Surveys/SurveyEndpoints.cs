using System.Globalization;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.State;
using AccountGrid.Host.Complaints;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Surveys;

/// <summary>The page on which a customer answers without a login, and the results.</summary>
internal static class SurveyEndpoints
{
    /// <summary>Largest form, bytes: a comment of 1,000 characters, each of up to 12 bytes as forms write them.</summary>
    private const int FormBytesMax = 16 << 10;

    private const string Html = "text/html; charset=utf-8";

    public static void MapSurveys(this IEndpointRouteBuilder routes)
    {
        // The signed link is the permission. It is not a key: it answers one survey once, and nothing else.
        routes.MapGet("/s/{token}", ShowAsync).AllowAnonymous().WithTags("Surveys").WithSummary("The page of a survey, for the customer who got its link.")
            .Produces<string>(200, "text/html").Produces<string>(404, "text/html").Produces<string>(410, "text/html");
        routes.MapPost("/s/{token}", AnswerAsync).AllowAnonymous().WithMetadata(new NotAudited()).DisableAntiforgery().WithTags("Surveys")
            .WithSummary("Answers a survey by the form of its page. An answer counts once.")
            .Produces<string>(200, "text/html").Produces<string>(404, "text/html").Produces<string>(410, "text/html").Produces<string>(422, "text/html");
        routes.MapGet("/v1/surveys/results", ResultsAsync).WithTags("Surveys").RequireAuthorization(Permissions.QueryAll)
            .WithSummary("Results of a month that is over, by area, manager, collector and channel. Nothing is shown below five answers.")
            .Produces<SurveyResultsAnswer>().ProducesProblem(422);
    }

    private static async Task<IResult> ShowAsync(string token, string? lang, HttpContext http, SurveyLinks links, SurveyStore store, TimeProvider time)
    {
        var (survey, refused) = await FindAsync(token, lang, http, links, store, time);
        return survey is null ? refused! : Page(SurveyPage.Form(SurveyTexts.Of(lang ?? survey.Language), survey.Occasion, isIncomplete: false));
    }

    private static async Task<IResult> AnswerAsync(
        string token, string? lang, HttpContext http, SurveyLinks links, SurveyStore store, ComplaintRegister complaints, TimeProvider time)
    {
        var (survey, refused) = await FindAsync(token, lang, http, links, store, time);
        if (survey is null)
        {
            return refused!;
        }

        var texts = SurveyTexts.Of(lang ?? survey.Language);
        if (await ReadAsync(http) is not { } reply)
        {
            return Page(SurveyPage.Form(texts, survey.Occasion, isIncomplete: true), 422);
        }

        // The wish to be called is filed first: were it last, a process that dies between the two would lose it. Filed twice it is one.
        if (reply.WantsContact)
        {
            var said = reply.Comment.Length == 0 ? $"Satisfaction {reply.Satisfaction} of 5; wishes to be contacted." : reply.Comment;
            await complaints.FileAsync(survey.AccountId, ComplaintTopic.Other, "survey", said, survey.Channel, "survey", $"survey:{survey.Id}");
        }

        return Page(SurveyPage.Message(texts, await store.AnswerAsync(survey, reply, time.GetUtcNow()) ? texts.Thanks : texts.Already));
    }

    /// <summary>The survey of a link, or the page that says why there is none to answer.</summary>
    private static async Task<(SurveyRow? Survey, IResult? Refused)> FindAsync(
        string token, string? lang, HttpContext http, SurveyLinks links, SurveyStore store, TimeProvider time)
    {
        http.Response.Headers.ContentSecurityPolicy = SurveyPage.ContentSecurityPolicy;
        var texts = SurveyTexts.Of(lang ?? http.Request.Headers.AcceptLanguage.ToString());
        if (links.Read(token) is not { } link)
        {
            return (null, Page(SurveyPage.Message(texts, texts.Unknown), 404));
        }

        if (!SurveyRules.IsOpen(link.AskedMs, time.GetUtcNow().ToUnixTimeMilliseconds()))
        {
            return (null, Page(SurveyPage.Message(texts, texts.Expired), 410));
        }

        var survey = await store.FindAsync(link.Partition, link.Id);
        texts = SurveyTexts.Of(lang ?? survey?.Language);
        return survey?.State switch
        {
            "asked" => (survey, null),
            "answered" => (null, Page(SurveyPage.Message(texts, texts.Already))),
            _ => (null, Page(SurveyPage.Message(texts, texts.Unknown), 404)),
        };
    }

    private static async Task<SurveyReply?> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > FormBytesMax)
        {
            return null;
        }

        try
        {
            return SurveyReply.Read(await http.Request.ReadFormAsync(http.RequestAborted));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static async Task<IResult> ResultsAsync(string month, SurveyStore store, TimeProvider time)
    {
        if (!DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first))
        {
            return Problems.Of(CustomerRefusals.SurveyMonthInvalid, $"month: '{month}' is not a month such as 2026-10.");
        }

        var from = new DateTimeOffset(first.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return time.GetUtcNow() < from.AddMonths(1)
            ? Problems.Of(CustomerRefusals.SurveyMonthInvalid,
                $"month: {month} is not over. Results of a month do not change any more: from a change one could see what one customer answered.")
            : TypedResults.Ok(SurveyResults.Of(month, await store.AnswersAsync(from, from.AddMonths(1))));
    }

    private static IResult Page(string page, int status = 200) => TypedResults.Content(page, Html, statusCode: status);
}
