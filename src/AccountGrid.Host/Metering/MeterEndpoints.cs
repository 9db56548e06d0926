using System.Globalization;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;
using AccountGrid.Host.Rating;
using AccountGrid.Host.Security;
using AccountGrid.Host.Supply;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace AccountGrid.Host.Metering;

internal static class MeterEndpoints
{
    public static void MapMeters(this IEndpointRouteBuilder routes)
    {
        var meters = routes.MapGroup("/v1/meters").WithTags("Meters").ProducesProblem(401).ProducesProblem(404).ProducesProblem(503);
        meters.MapPost("/", InstallAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Registers a meter behind its gateway, on an account or none.").Produces<MeterAnswer>(201).ProducesProblem(409).ProducesProblem(422);
        meters.MapGet("/{id}", GetAsync).RequireAuthorization(Permissions.Query).WithSummary("A meter with its register.").Produces<MeterAnswer>();
        meters.MapPost("/{id}/assignments", AssignAsync).RequireAuthorization(Permissions.Administer)
            .WithSummary("Moves a meter to another account at an instant.").Produces<MeterAnswer>().ProducesProblem(422);
        meters.MapPost("/{id}/exchange", ExchangeAsync).RequireAuthorization(Permissions.Administer).WithSummary("Replaces a meter by another at an instant.")
            .Produces<MeterAnswer>().ProducesProblem(422);
        meters.MapGet("/{id}/days", DaysAsync).RequireAuthorization(Permissions.Query)
            .WithSummary("A meter's local days with readings, energy by rate and charge.").Produces<IReadOnlyList<ExplainDay>>();
        routes.MapGet("/v1/exceptions", ExceptionsAsync).WithTags("Meters").RequireAuthorization(Permissions.QueryAll)
            .WithSummary("Readings that could not be decided, by cursor.").Produces<Page<ExceptionAnswer>>();
    }

    private static async Task<IResult> InstallAsync(InstallMeterRequest body, MeterRegistration registration, IGrainFactory grains, GridDirectory directory)
    {
        var (outcome, refusal) = await registration.InstallAsync(body);
        if (refusal is not null)
        {
            return Problems.Of(refusal);
        }

        var answer = await AnswerAsync(body.Id, grains, directory) is { } meter ? meter with { Warnings = MeterRegistration.WarningsOf(body) } : null;
        return outcome!.Replayed ? TypedResults.Ok(answer) : TypedResults.Created($"/v1/meters/{body.Id}", answer);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, IGrainFactory grains, GridDirectory directory, CallerScope scope)
    {
        // The tables learn of a move a moment after the meter has: who may ask by them is not yet who it belongs to.
        var view = await grains.GetGrain<IMeterGrain>(id).Get();
        return view is not null && (await scope.OwnAsync(http.User, [view.Account])).Count == 0 ? Unknown(id)
            : view is not null && await directory.FindMeterAsync(id) is { } meter ? TypedResults.Ok(await AnswerAsync(meter, view, directory)) : Unknown(id);
    }

    private static async Task<IResult> AssignAsync(string id, AssignMeterRequest body, IGrainFactory grains, GridDirectory directory, ReadingIntake intake,
        RelayTests tests)
    {
        if (await directory.FindMeterAsync(id) is not { } meter)
        {
            return Unknown(id);
        }

        if (await tests.WhyNotAssignedAsync(id) is { } no)
        {
            return no;
        }

        if (await directory.FindAccountAsync(body.Account) is not { } account)
        {
            return Problems.Of(AccountRefusals.Unknown, $"account: there is no account '{body.Account}'.");
        }

        if (body.RegisterWh is < 0 or > Limits.RegisterMaxWh)
        {
            return Problems.Of(MeterRefusals.RegisterInvalid, $"registerWh: {body.RegisterWh} is not 0 to {Limits.RegisterMaxWh}.");
        }

        if (MeterRegistration.CheckInstant("at", body.At, intake.LatestMs) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await grains.Account(body.Account).Get() is { } view && body.At < view.OpenedAt)
        {
            return Problems.Of(
                MeterRefusals.BeforeAccount,
                $"at: {body.At:O} is before {view.OpenedAt:O}, the beginning of the first day of account '{body.Account}'.");
        }

        var command = new ReleaseMeter(meter.Number, account.Number, account.Partition, body.At.ToUnixTimeMilliseconds(), body.RegisterWh);
        return await ExecuteAsync(id, command, Requests.KeyOf($"assign:{meter.Number}", body with { At = body.At.ToUniversalTime() }), grains, directory);
    }

    private static async Task<IResult> ExchangeAsync(string id, ExchangeMeterRequest body, IGrainFactory grains, GridDirectory directory, MeterDirectory routes,
        ReadingIntake intake)
    {
        if (await directory.FindMeterAsync(id) is not { } meter)
        {
            return Unknown(id);
        }

        if (Requests.CheckId("newMeter", body.NewMeter) is { } wrongId)
        {
            return Problems.Of(wrongId);
        }

        if ((MeterRegistration.CheckRating(body.CapacityW, body.RegisterWidthWh, body.IntervalSeconds, body.StartWh)
            ?? MeterRegistration.CheckInstant("at", body.At, intake.LatestMs)
            ?? MeterRegistration.CheckRating(0, 0, 0, body.FinalWh)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await directory.AllotMeterAsync(body.NewMeter, meter.Gateway, meter.Partition) is not { } allotted)
        {
            return Problems.Of(MeterRefusals.IdCollides, $"newMeter: '{body.NewMeter}' collides with another meter's id; choose another id.");
        }

        if (allotted.Partition != meter.Partition)
        {
            // Elsewhere it is either in use, or only a number that was never installed.
            if (await grains.Partition(allotted.Partition).Meter(allotted.Number) is not null)
            {
                return Problems.Of(MeterRefusals.Exists, $"newMeter: '{body.NewMeter}' is installed already.");
            }

            await directory.MoveUninstalledAsync(allotted.Number, meter.Partition, meter.Gateway);
        }

        var rating = new MeterRating(body.CapacityW, body.RegisterWidthWh, body.IntervalSeconds * 1000);
        var command = new ExchangeMeter(meter.Number, allotted.Number, body.At.ToUnixTimeMilliseconds(), body.FinalWh, body.StartWh, rating);
        var result = await ExecuteAsync(id, command, Requests.KeyOf($"exchange:{meter.Number}", body with { At = body.At.ToUniversalTime() }), grains,
            directory, body.NewMeter);
        if (result is not Ok<MeterAnswer> { Value: { } installed })
        {
            return result;
        }

        routes.Put(body.NewMeter, new MeterRoute(allotted.Number, (short)meter.Partition, meter.Gateway));
        return TypedResults.Ok(installed with { Warnings = MeterRegistration.WarningsOf(body.CapacityW) });
    }

    private static async Task<IResult> ExecuteAsync(string id, GridCommand command, string key, IGrainFactory grains, GridDirectory directory,
        string? answerFor = null)
    {
        var outcome = await grains.GetGrain<IMeterGrain>(id).Execute(command.ToBytes(), key, Requests.HashOf(command));
        return outcome.Accepted ? TypedResults.Ok(await AnswerAsync(answerFor ?? id, grains, directory)) : Problems.Of(outcome);
    }

    private static async Task<IResult> DaysAsync(string id, DateOnly? from, DateOnly? to, HttpContext http, IGrainFactory grains, GridDirectory directory,
        TariffCatalog tariffs, CallerScope scope)
    {
        if (await directory.FindMeterAsync(id) is null)
        {
            return Unknown(id);
        }

        if (from > to)
        {
            return Problems.Of(RequestRefusals.Invalid, $"from: {from:yyyy-MM-dd} is after to: {to:yyyy-MM-dd}.");
        }

        var all = await grains.GetGrain<IMeterGrain>(id).Days((from ?? DateOnly.MinValue).DayNumber, (to ?? DateOnly.MaxValue).DayNumber);
        var own = await scope.OwnAsync(http.User, [.. all.Select(d => d.Account).Distinct()]);
        var days = new List<ExplainDay>();
        foreach (var day in all.Where(d => own.Contains(d.Account)))
        {
            days.Add(DayAnswers.Of(id, day, await tariffs.FindAsync(day.Tariff)));
        }

        return TypedResults.Ok<IReadOnlyList<ExplainDay>>(days);
    }

    private static async Task<IResult> ExceptionsAsync(string? meter, string? account, string? code, bool? open, int? limit, string? cursor,
        NpgsqlDataSource database)
    {
        var take = Requests.Limit(limit);
        var after = Requests.ReadCursor(cursor, 3);
        if (after is not null && !(int.TryParse(after[0], CultureInfo.InvariantCulture, out _) && long.TryParse(after[1], CultureInfo.InvariantCulture, out _)))
        {
            throw new BadHttpRequestException("cursor: it is not one that an earlier page gave.");
        }

        await using var connection = await database.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<ExceptionRow>(
            """
            select e.meter, m.id as meter_id, a.id as account_id, e.code, e.reading_ms, e.value_wh, e.held_wh, e.open, e.detail
            from reading_exception e join meter m on m.number = e.meter left join account a on a.number = e.account
            where (@meter::text is null or m.id = @meter) and (@account::text is null or a.id = @account) and (@code::text is null or e.code = @code)
              and (@open::bool is null or e.open = @open)
              and (@afterMeter::int is null or (e.meter, e.reading_ms, e.code) > (@afterMeter, @afterMs, @afterCode))
            order by e.meter, e.reading_ms, e.code limit @take
            """,
            new
            {
                meter,
                account,
                code,
                open = open ?? true,
                afterMeter = after is null ? (int?)null : int.Parse(after[0], CultureInfo.InvariantCulture),
                afterMs = after is null ? 0L : long.Parse(after[1], CultureInfo.InvariantCulture),
                afterCode = after?[2] ?? "",
                take = take + 1,
            })).AsList();
        var more = rows.Count > take;
        var data = rows.Take(take)
            .Select(r => new ExceptionAnswer(r.Meter_Id, r.Account_Id, r.Code, Instants.ToInstant(r.Reading_Ms), r.Value_Wh, r.Held_Wh, r.Open, r.Detail))
            .ToList();
        return TypedResults.Ok(
            new Page<ExceptionAnswer>(data, more ? Requests.Cursor(rows[take - 1].Meter, rows[take - 1].Reading_Ms, rows[take - 1].Code) : null, more));
    }

    private static async Task<MeterAnswer?> AnswerAsync(string id, IGrainFactory grains, GridDirectory directory)
    {
        if (await directory.FindMeterAsync(id) is not { } meter || await grains.GetGrain<IMeterGrain>(id).Get() is not { } view)
        {
            return null;
        }

        return await AnswerAsync(meter, view, directory);
    }

    private static async Task<MeterAnswer> AnswerAsync(MeterAddress meter, MeterView view, GridDirectory directory)
    {
        var account = view.Account == 0 ? null : await directory.AccountIdAsync(view.Account);
        return new MeterAnswer(
            meter.Id, meter.GatewayId, account, Instants.ToInstant(view.FromMs), view.UntilMs is { } until ? Instants.ToInstant(until) : null, view.RegisterWh,
            Instants.ToInstant(view.RegisterMs),
            view.ChargedWh, view.HeldWh, view.CapacityW, view.RegisterWidthWh, view.IntervalMs / 1000);
    }

    private static ProblemHttpResult Unknown(string id) => Problems.Of(MeterRefusals.Unknown, $"There is no meter '{id}'.");

    private sealed record ExceptionRow(int Meter, string Meter_Id, string? Account_Id, string Code, long Reading_Ms, long Value_Wh, long Held_Wh, bool Open,
        string? Detail);
}
