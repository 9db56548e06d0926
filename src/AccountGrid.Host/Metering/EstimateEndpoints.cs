using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Metering;

/// <summary>Values of meters that send nothing, by a method that a person names.</summary>
internal static class EstimateEndpoints
{
    public static void MapEstimates(RouteGroupBuilder meters) => meters.MapPost("/{id}/estimates", EstimateAsync).RequireAuthorization(Permissions.Administer)
        .WithSummary("Estimates the value of a silent meter; the next measured value takes its place.").Produces<EstimateAnswer>().ProducesProblem(422);

    private static async Task<IResult> EstimateAsync(string id, EstimateRequest body, HttpContext http, IGrainFactory grains, GridDirectory directory,
        ReadingIntake intake, TimeProvider time)
    {
        var at = body.At ?? time.GetUtcNow();
        if ((Requests.CheckKeyIfGiven(http) ?? Requests.CheckText("reason", body.Reason)
            ?? MeterRegistration.CheckInstant("at", at, intake.LatestMs)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var hasKey = http.Request.Headers["Idempotency-Key"].Count > 0;
        if (hasKey && body.At is null)
        {
            return Problems.Of(
                RequestRefusals.ValueInvalid, "at: it is missing; with an Idempotency-Key give the instant, so that a repeat asks for the same.");
        }

        if (!Requests.TryName<EstimateMethod>(body.Method, out var method) || method == EstimateMethod.Interpolated)
        {
            return Problems.Of(RequestRefusals.ValueInvalid, $"method: '{body.Method}' is not sameWeekdays, loadShape or lastYear.");
        }

        if (await directory.FindMeterAsync(id) is not { } meter)
        {
            return MeterEndpoints.Unknown(id);
        }

        if (await grains.Partition(meter.Partition).Meter(meter.Number) is not { Account: > 0 } view
            || await directory.AccountIdAsync(view.Account) is not { } account)
        {
            return Problems.Of(MeterRefusals.NotOnAccount, $"Meter '{id}' is on no account.");
        }

        var atMs = at.ToUnixTimeMilliseconds();
        if (await ValueAsync(id, view, method, atMs, grains) is not { } value)
        {
            return Problems.Of(EstimateRefusals.NoValue,
                $"method: the readings before {Instants.ToText(view.RegisterMs)} do not tell a value by {body.Method}.");
        }

        var command = new EstimateReading(view.Account, meter.Number, atMs, value, method, body.Reason, http.User.Person());
        var key = hasKey
            ? $"estimate:{meter.Number}:{Requests.KeyOrNew(http)}"
            : Requests.KeyOf($"estimate:{meter.Number}", body with { At = at.ToUniversalTime() });

        // What is asked for, and not the value, which readings that came since can make another.
        var outcome = await grains.Account(account).Execute(command.ToBytes(), key, Requests.HashOf(new { estimate = body, meter = meter.Number }));
        if (outcome.Replayed)
        {
            http.Response.Headers["Idempotent-Replayed"] = "true";
        }

        return outcome.Accepted ? TypedResults.Ok(new EstimateAnswer(id, account, Instants.ToInstant(atMs), value, DecisionNames.Of(method)))
            : Problems.Of(outcome);
    }

    /// <summary>The value by a method, from the readings of the meter's time on its account.</summary>
    private static async Task<long?> ValueAsync(string id, MeterView view, EstimateMethod method, long atMs, IGrainFactory grains)
    {
        var last = DateOnly.FromDateTime(Instants.ToInstant(view.RegisterMs).UtcDateTime).DayNumber;
        var days = await grains.GetGrain<IMeterGrain>(id).Days(last - Estimates.DaysBefore(method, Math.Max(0, atMs - view.RegisterMs)), last + 1);
        List<Point> points =
        [
            .. days.Where(d => d.Account == view.Account && d.Register == (int)RegisterKind.Import).SelectMany(d => d.Points)
                .Where(p => ((ReadingQuality)p.Quality & ReadingQuality.PassedOver) == 0).OrderBy(p => p.TimeMs).DistinctBy(p => p.TimeMs)
                .Select(p => new Point(p.TimeMs, p.ValueWh)),
        ];
        return Estimates.Of(method, points, atMs);
    }
}
