using AccountGrid.Domain.Commands;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;

namespace AccountGrid.Host.Metering;

/// <summary>A meter's way to the stock.</summary>
internal static class MeterRemovalEndpoints
{
    public static void MapRemoval(RouteGroupBuilder meters) => meters.MapPost("/{id}/removal", RemoveAsync).RequireAuthorization(Permissions.Administer)
        .WithSummary("Takes a meter off its account at an instant. It is in stock then, and can be assigned to another.")
        .Produces<MeterAnswer>().ProducesProblem(422);

    private static async Task<IResult> RemoveAsync(string id, RemoveMeterRequest body, IGrainFactory grains, GridDirectory directory, ReadingIntake intake)
    {
        if (await directory.FindMeterAsync(id) is not { } meter)
        {
            return MeterEndpoints.Unknown(id);
        }

        if ((MeterRegistration.CheckInstant("at", body.At, intake.LatestMs) ?? MeterRegistration.CheckSide("registerWh", body.RegisterWh)
            ?? MeterRegistration.CheckRates("rateRegistersWh", body.RateRegistersWh) ?? MeterRegistration.CheckSide("exportWh", body.ExportWh)
            ?? MeterRegistration.CheckSide("reactiveVarh", body.ReactiveVarh)) is { } wrong)
        {
            return Problems.Of(wrong);
        }

        var command = new ReleaseMeter(meter.Number, 0, meter.Partition, body.At.ToUnixTimeMilliseconds(), body.RegisterWh, body.RateRegistersWh,
            ExportWh: body.ExportWh, ReactiveVarh: body.ReactiveVarh);
        return await MeterEndpoints.ExecuteAsync(
            id, command, Requests.KeyOf($"remove:{meter.Number}", body with { At = body.At.ToUniversalTime() }), grains, directory);
    }
}
