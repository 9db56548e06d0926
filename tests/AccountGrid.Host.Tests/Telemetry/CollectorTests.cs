using System.Collections.Concurrent;
using System.Text;
using AccountGrid.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AccountGrid.Host.Tests.Telemetry;

/// <summary>What a collector receives by OTLP over gRPC.</summary>
public sealed class CollectorTests
{
    [Fact]
    public async Task Metrics_traces_and_logs_reach_the_collector_and_a_gateways_trace_goes_on()
    {
        var received = new ConcurrentBag<(string Path, byte[] Body)>();
        await using var collector = await CollectAsync(received);
        await using var grid = new GridFixture { More = [$"--Telemetry:OtlpEndpoint={collector.Urls.First()}", "--Telemetry:TracedPercent=0"] };
        await grid.InitializeAsync();
        await grid.OpenAsync("otl-1");
        var trace = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/accounts/otl-1");
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var answer = await grid.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
        grid.Host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AccountGrid.Test").LogWarning("A line for the collector.");
        var services = grid.Host.Services;
        await Eventually.GetAsync(() =>
        {
            services.GetRequiredService<MeterProvider>().ForceFlush();
            services.GetRequiredService<TracerProvider>().ForceFlush();
            services.GetRequiredService<LoggerProvider>().ForceFlush();
            return Task.FromResult(received.ToArray());
        }, all => Has(all, "metrics", Encoding.UTF8.GetBytes("accountgrid.partitions")) && Has(all, "trace", Convert.FromHexString(trace))
            && Has(all, "logs", Encoding.UTF8.GetBytes("A line for the collector.")), "All three kinds, the trace with the gateway's id");
        static bool Has(IEnumerable<(string Path, byte[] Body)> all, string kind, byte[] part) =>
            all.Any(r => r.Path.Contains($".{kind}.", StringComparison.Ordinal) && r.Body.AsSpan().IndexOf(part) >= 0);
    }

    private static async Task<WebApplication> CollectAsync(ConcurrentBag<(string Path, byte[] Body)> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.ConfigureEndpointDefaults(e => e.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            received.Add((http.Request.Path, body.ToArray()));
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(new byte[5], http.RequestAborted);
            http.Response.AppendTrailer("grpc-status", "0");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
