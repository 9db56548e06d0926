using System.Net;
using AccountGrid.Host.Ingest;
using AccountGrid.LoadTest.Driving;
using AccountGrid.LoadTest.Fleet;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AccountGrid.LoadTest.Tests;

/// <summary>The schedule against a slow endpoint.</summary>
public sealed class OpenLoopTests
{
    private static readonly TimeSpan AnswerAfter = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_stretch_that_is_hopelessly_behind_ends_early_with_all_that_fell_due_sent_and_the_next_goes_on()
    {
        await using var endpoint = await SlowEndpointAsync();
        var fleet = new MeterFleet(new FleetOptions(0, 2_000, 60_000, 1_780_000_200_000, 1, "T", LoadTariff.TimeOfUse, LoadCurve.Standard));
        using var api = new GridApi([.. endpoint.Urls], "any", TimeSpan.FromSeconds(30));
        var pusher = new GatewayPusher(fleet, api, GatewayFaults.None, TimeProvider.System);
        var loop = new OpenLoop(fleet, pusher, GatewayFaults.None, TimeProvider.System);

        // 20,000 readings a second, none of them answered within the half second that it may be behind.
        const double Speed = 600;
        await loop.RunAsync(TimeSpan.FromMinutes(10), Speed, TimeSpan.FromMilliseconds(500), CancellationToken.None);
        var offered = pusher.Measures.Offered;
        Assert.InRange(offered, 10_000, 1_000_000);
        Assert.Equal(offered, pusher.Measures.Accepted);

        // Each round of a gateway has a latency of its own, though one answer brings many: a stall counts for all that fell due in it.
        Assert.Equal(offered / fleet.Options.PerGateway, pusher.Measures.Acknowledgement.Summary().Count);
        Assert.True(pusher.Measures.Requests < offered / fleet.Options.PerGateway, "No gateway gathered rounds: the run proves less than it should.");

        await loop.RunAsync(TimeSpan.FromMilliseconds(300), Speed, null, CancellationToken.None);
        Assert.InRange(pusher.Measures.Offered, offered + 5_000, offered + 7_000);
        Assert.Equal(pusher.Measures.Offered, pusher.Measures.Accepted);
    }

    private static async Task<WebApplication> SlowEndpointAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var endpoint = builder.Build();
        endpoint.MapPost("/v1/readings", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var lines = (await reader.ReadToEndAsync(request.HttpContext.RequestAborted)).Count(c => c == '\n');
            await Task.Delay(AnswerAfter, TimeProvider.System, request.HttpContext.RequestAborted);
            return Results.Json(new BatchAnswer("b", lines, 0, 0, []));
        });
        await endpoint.StartAsync();
        return endpoint;
    }
}
