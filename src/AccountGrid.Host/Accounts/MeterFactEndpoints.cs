using AccountGrid.Contracts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Accounts;

/// <summary>Capacity, register width, interval and ratio of a meter from an instant on, which its account is charged anew by.</summary>
internal static class MeterFactEndpoints
{
    public static void MapMeterFacts(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/meters/{id}/facts", SetAsync).WithTags("Meters").RequireAuthorization(Permissions.Administer)
            .WithSummary("Sets capacity, register width, interval or transformer ratio of a meter from an instant on.")
            .WithDescription(
                "The instant may lie in the past, as far as days still change: what was charged since is corrected; where that is more than one person may "
                    + "move a second must agree. Bills that were issued stay.")
            .Produces<MeterAnswer>().Produces<ApprovalAnswer>(202).ProducesProblem(401).ProducesProblem(404).ProducesProblem(422).ProducesProblem(503);

    private static async Task<IResult> SetAsync(string id, SetMeterFactsRequest body, HttpContext http, IGrainFactory grains, GridDirectory directory,
        Approvals approvals, ReadingIntake intake)
    {
        var ratio = TransformerRatio.MicroOf(body.Ratio);
        if ((Requests.CheckText("reason", body.Reason) ?? MeterRegistration.CheckInstant("from", body.From, intake.LatestMs)
            ?? MeterRegistration.CheckRating(body.CapacityW ?? 0, body.RegisterWidthWh ?? 0, body.IntervalSeconds ?? 0, 0)
            ?? MeterRegistration.CheckRatio(body.Ratio) ?? Requests.CheckKeyIfGiven(http)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await directory.FindMeterAsync(id) is not { } meter)
        {
            return MeterEndpoints.Unknown(id);
        }

        if (await grains.GetGrain<IMeterGrain>(id).Get() is not { Account: > 0 and var number } || await directory.AccountIdAsync(number) is not { } account)
        {
            return Problems.Of(MeterRefusals.NotOnAccount, $"Meter '{id}' is on no account; give its facts when it is assigned to one.");
        }

        var person = http.User.Person();
        var command = new SetMeterFacts(number, meter.Number,
            new MeterFact(body.From.ToUnixTimeMilliseconds(), body.CapacityW, body.RegisterWidthWh, body.IntervalSeconds * 1000, ratio), body.Reason, person);
        var key = Requests.KeyOrNew(http);
        var outcome = await grains.Account(account).Execute(command.ToBytes(), $"meter-facts:{number}:{key}", Requests.HashOf(command));
        if (outcome.Replayed)
        {
            http.Response.Headers["Idempotent-Replayed"] = "true";
        }

        return outcome.Accepted ? TypedResults.Ok(await MeterEndpoints.FreshAnswerAsync(id, meter, grains, directory))
            : outcome.Code == AccessRefusals.ApprovalNeeded
                ? await approvals.AskAsync(account, MeterFactsApproval.Kind, new MeterFactsApproval(id, body, command), person, key)
            : Problems.Of(outcome);
    }
}
