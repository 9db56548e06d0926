using System.Globalization;
using AccountGrid.Domain;
using AccountGrid.Domain.Figures;
using AccountGrid.Host.Csv;
using AccountGrid.Host.Http;
using AccountGrid.Host.Payments;

namespace AccountGrid.Host.Scorecard;

/// <summary>How well payment channels work.</summary>
internal static class ScorecardEndpoints
{
    private const int DaysMax = 92;

    public static void MapScorecard(this IEndpointRouteBuilder routes)
    {
        var g = routes.MapGroup("/v1/channels").WithTags("Payment channels").ProducesProblem(401).ProducesProblem(403);
        g.MapGet("/{channel}/scorecard", ReadAsync).RequireAuthorization(Permissions.Inspect)
            .WithSummary("Measures of a channel by day with their intervals and targets, as JSON or with format=csv the same rows as CSV.")
            .Produces<ScorecardAnswer>().Produces<string>(200, "text/csv").ProducesProblem(400).ProducesProblem(404);
        g.MapGet("/ranking", RankAsync).RequireAuthorization(Permissions.Inspect)
            .WithSummary("All channels by one measure on a day or in a month, as JSON or CSV. No rank below 30 observations, no number below five.")
            .Produces<RankingAnswer>().Produces<string>(200, "text/csv").ProducesProblem(400);
        g.MapPost("/scorecards/rebuild", RebuildAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Forgets what was counted of channels and counts it again, with the same result.").Produces(202);
    }

    private static async Task<IResult> ReadAsync(
        string channel, DateOnly from, DateOnly to, string? format, ScorecardReader reader, PaymentChannelCatalog channels)
    {
        var wrong = to < from ? $"to: {to:yyyy-MM-dd} is before from."
            : to.DayNumber - from.DayNumber >= DaysMax ? $"to: a period of {to.DayNumber - from.DayNumber + 1} days is too long: it has {DaysMax} at most."
            : FormatOf(format);
        if (wrong is not null)
        {
            return Problems.Of(RequestRefusals.Invalid, wrong);
        }

        if ((await channels.ListAsync(channel)).Count == 0)
        {
            return Problems.Of(PaymentChannelRefusals.Unknown, $"There is no channel '{channel}'.");
        }

        var answer = await reader.ReadAsync(channel, from, to);
        return format == "csv"
            ? CsvText.Answer(["day", "measure", "unit", "value", "low", "high", "observations", "target", "isBreach"], answer.Rows.Select(r => new object?[]
            {
                r.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), r.Measure, r.Unit, r.Value, r.Low, r.High, r.Observations, r.Target, r.IsBreach,
            }))
            : TypedResults.Ok(answer);
    }

    private static async Task<IResult> RankAsync(string measure, DateOnly? day, string? month, string? format, ScorecardReader reader, TimeProvider time)
    {
        IResult No(string detail) => Problems.Of(RequestRefusals.Invalid, detail);
        if (ChannelMeasures.Find(measure) is not { } known)
        {
            return No($"measure: '{measure}' is not one of {string.Join(", ", Enum.GetValues<ChannelMeasure>().Select(m => m.Code()))}.");
        }

        if (day is null == month is null)
        {
            return No("day, month: one of the two is needed, and not both.");
        }

        if (month is not null && !JsonInput.IsDay(month + "-01"))
        {
            return No($"month: '{month}' is not a month such as 2026-10.");
        }

        var first = day ?? DateOnly.ParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (known == ChannelMeasure.Satisfaction
            && (day is not null || time.GetUtcNow() < new DateTimeOffset(first.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddMonths(1)))
        {
            return No("month: satisfaction is shown of a month that is over: from less one could see what one customer answered.");
        }

        if (FormatOf(format) is { } wrong)
        {
            return No(wrong);
        }

        var rows = await reader.RankAsync(day is null ? "month" : "day", first, known);
        return format == "csv"
            ? CsvText.Answer(["rank", "channel", "value", "low", "high", "observations"],
                rows.Select(r => new object?[] { r.Rank, r.Channel, r.Value, r.Low, r.High, r.Observations }))
            : TypedResults.Ok(new RankingAnswer(known.Code(), known.Unit(), month ?? first.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), rows));
    }

    private static async Task<IResult> RebuildAsync(ScoreKeeper keeper)
    {
        await keeper.ForgetAsync();
        return TypedResults.Accepted((string?)null);
    }

    private static string? FormatOf(string? format) => format is null or "json" or "csv" ? null : $"format: '{format}' is not json or csv.";
}
