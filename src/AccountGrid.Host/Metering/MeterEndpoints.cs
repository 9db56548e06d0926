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
using Microsoft.AspNetCore.Http.HttpResults;

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
        MeterRemovalEndpoints.MapRemoval(meters);
        EstimateEndpoints.MapEstimates(meters);
        meters.MapGet("/{id}/days", DaysAsync).RequireAuthorization(Permissions.Query)
            .WithSummary("A meter's local days with readings, energy by rate and charge.").Produces<Page<ExplainDay>>();
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
        RelayTests tests, TariffCatalog tariffs)
    {
        if (await directory.FindMeterAsync(id) is not { } meter)
        {
            return Unknown(id);
        }

        if (await tests.WhyNotAssignedAsync(id) is { } no)
        {
            return no;
        }

        if (body.ChargedBy is not (null or "total" or "rates"))
        {
            return Problems.Of(RequestRefusals.ValueInvalid, $"chargedBy: '{body.ChargedBy}' is not total or rates.");
        }

        if (await directory.FindAccountAsync(body.Account) is not { } account)
        {
            return Problems.Of(AccountRefusals.Unknown, $"account: there is no account '{body.Account}'.");
        }

        if (body.RegisterWh is < 0 or > Limits.RegisterMaxWh)
        {
            return Problems.Of(MeterRefusals.RegisterInvalid, $"registerWh: {body.RegisterWh} is not 0 to {Limits.RegisterMaxWh}.");
        }

        if ((MeterRegistration.CheckInstant("at", body.At, intake.LatestMs) ?? MeterRegistration.CheckRates("rateRegistersWh", body.RateRegistersWh)
            ?? MeterRegistration.CheckSide("exportWh", body.ExportWh) ?? MeterRegistration.CheckSide("reactiveVarh", body.ReactiveVarh)
            ?? MeterRegistration.CheckRatio(body.Ratio)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        if (await grains.Account(body.Account).Get() is { } view && await RefuseAtAsync(id, body, view, grains, tariffs) is { } refused)
        {
            return Problems.Of(refused);
        }

        var command = new ReleaseMeter(meter.Number, account.Number, account.Partition, body.At.ToUnixTimeMilliseconds(), body.RegisterWh,
            body.RateRegistersWh, body.ChargedBy is null ? null : body.ChargedBy == "rates", body.ExportWh, body.MeasuresExport,
            body.ReactiveVarh, body.MeasuresReactive, TransformerRatio.MicroOf(body.Ratio));
        return await ExecuteAsync(id, command, Requests.KeyOf($"assign:{meter.Number}", body with { At = body.At.ToUniversalTime() }), grains, directory);
    }

    /// <summary>What the new account says against a move.</summary>
    private static async Task<Refusal?> RefuseAtAsync(string id, AssignMeterRequest body, AccountView account, IGrainFactory grains, TariffCatalog tariffs)
    {
        if (body.At < account.OpenedAt)
        {
            return new(MeterRefusals.BeforeAccount,
                $"at: {body.At:O} is before {account.OpenedAt:O}, the beginning of the first day of account '{body.Account}'.");
        }

        var registers = body.ChargedBy switch
        {
            "total" => 0,
            "rates" => body.RateRegistersWh?.Count ?? 0,
            _ => (await grains.GetGrain<IMeterGrain>(id).Get())?.RateRegisters.Count ?? 0,
        };
        var tariff = await tariffs.FindAsync(account.Tariff);
        return tariff.UnmappedOf(registers) is { } register
            ? new(TariffRefusals.RegistersNotMapped,
                $"account: its tariff {tariff.Definition.Id} version {tariff.Definition.Version} has no rate for {RegisterCodes.Of(register)}.")
            : null;
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
            ?? MeterRegistration.CheckRating(0, 0, 0, body.FinalWh) ?? MeterRegistration.CheckRates("finalRatesWh", body.FinalRatesWh)
            ?? MeterRegistration.CheckRates("startRatesWh", body.StartRatesWh)
            ?? MeterRegistration.CheckSide("finalExportWh", body.FinalExportWh) ?? MeterRegistration.CheckSide("startExportWh", body.StartExportWh)
            ?? MeterRegistration.CheckSide("finalReactiveVarh", body.FinalReactiveVarh)
            ?? MeterRegistration.CheckSide("startReactiveVarh", body.StartReactiveVarh) ?? MeterRegistration.CheckRatio(body.Ratio))
            is { } wrong)
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
        var command = new ExchangeMeter(
            meter.Number, allotted.Number, body.At.ToUnixTimeMilliseconds(), body.FinalWh, body.StartWh, rating, body.FinalRatesWh, body.StartRatesWh,
            body.FinalExportWh, body.StartExportWh, body.FinalReactiveVarh, body.StartReactiveVarh, TransformerRatio.MicroOf(body.Ratio));
        var result = await ExecuteAsync(id, command, Requests.KeyOf($"exchange:{meter.Number}", body with { At = body.At.ToUniversalTime() }), grains,
            directory, body.NewMeter);
        if (result is not Ok<MeterAnswer> { Value: { } installed })
        {
            return result;
        }

        routes.Put(body.NewMeter, new MeterRoute(allotted.Number, (short)meter.Partition, meter.Gateway, (byte)(body.StartRatesWh?.Count ?? 0)));
        return TypedResults.Ok(installed with { Warnings = MeterRegistration.WarningsOf(body.CapacityW) });
    }

    internal static async Task<IResult> ExecuteAsync(string id, GridCommand command, string key, IGrainFactory grains, GridDirectory directory,
        string? answerFor = null)
    {
        var outcome = await grains.GetGrain<IMeterLogGrain>(id).Execute(command.ToBytes(), key, Requests.HashOf(command));
        return outcome.Accepted ? TypedResults.Ok(await AnswerAsync(answerFor ?? id, grains, directory)) : Problems.Of(outcome);
    }

    private static async Task<IResult> DaysAsync(string id, DateOnly? from, DateOnly? to, int? limit, string? cursor, HttpContext http,
        IGrainFactory grains, GridDirectory directory, TariffCatalog tariffs, CallerScope scope, MeterRatioReader ratios)
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
        foreach (var ofAccount in all.Where(d => own.Contains(d.Account)).GroupBy(d => d.Account))
        {
            var known = await directory.AccountIdAsync(ofAccount.Key) is { } account && await directory.FindAccountAsync(account) is { } address
                ? await ratios.OfAccountAsync(address.Partition, address.Number)
                : new MeterRatioHistory([]);
            foreach (var day in ofAccount)
            {
                days.Add(DayAnswers.Of(id, day, await tariffs.FindAsync(day.Tariff), known));
            }
        }

        // A day that a late reading opens again keeps its place, whatever its log positions are until it closes.
        var named = days.GroupBy(d => (d.Day, d.Register)).SelectMany(g => g.Select((d, i) => (Day: d, Name: $"{d.Day} {d.Register} {i}")))
            .OrderBy(n => n.Name, StringComparer.Ordinal).ToList();
        var page = Pages.OfShort(named, limit, cursor, n => n.Name);
        return TypedResults.Ok(new Page<ExplainDay>([.. page.Data.Select(n => n.Day)], page.NextCursor, page.HasMore));
    }

    private static async Task<IResult> ExceptionsAsync(string? meter, string? account, string? code, bool? open, int? limit, string? cursor,
        ExceptionList exceptions)
    {
        var take = Requests.Limit(limit);
        var rows = await exceptions.FindAsync(meter, account, code, open ?? true, cursor, take);
        var data = rows.Take(take)
            .Select(r => new ExceptionAnswer(r.Meter_Id, r.Account_Id, r.Code, Instants.ToInstant(r.Reading_Ms), r.Value_Wh, r.Held_Wh, r.Open, r.Detail,
                RegisterCodes.Of((RegisterKind)r.Register)))
            .ToList();
        return TypedResults.Ok(new Page<ExceptionAnswer>(data, ExceptionList.CursorOf(rows, take), rows.Count > take));
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
            view.ChargedWh, view.HeldWh, view.CapacityW, view.RegisterWidthWh, view.IntervalMs / 1000, RateRegisters: RegisterAnswer.Of(view),
            Export: ExportRegisterAnswer.Of(view), Reactive: ReactiveRegisterAnswer.Of(view),
            Ratio: MeterRatios.At(view, long.MaxValue) is var ratio and not MeterRating.One ? TransformerRatio.Text(ratio) : null,
            Facts: MeterFactAnswer.Of(view));
    }

    /// <summary>The meter as its partition knows it right now: its grain is told a moment later.</summary>
    internal static async Task<MeterAnswer?> FreshAnswerAsync(string id, MeterAddress meter, IGrainFactory grains, GridDirectory directory) =>
        await grains.Partition(meter.Partition).Meter(meter.Number) is { } view ? await AnswerAsync(meter, view, directory)
            : await AnswerAsync(id, grains, directory);

    internal static ProblemHttpResult Unknown(string id) => Problems.Of(MeterRefusals.Unknown, $"There is no meter '{id}'.");
}
