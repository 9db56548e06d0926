using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests;

/// <summary>All endpoints of the generated description, which must be all that are mapped.</summary>
internal static class ApiEndpoints
{
    public static async Task<List<(string Method, string Path)>> AllAsync(GridFixture grid)
    {
        using var document = JsonDocument.Parse(await grid.Http.GetStringAsync("/openapi/v1.json"));
        var endpoints = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(m => (m.Name.ToUpperInvariant(), p.Name))).ToList();
        Assert.True(endpoints.Count > 50);
        var mapped = grid.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Count(
                e => e.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal)
                    || e.RoutePattern.RawText!.StartsWith("/s/", StringComparison.Ordinal)
                    || e.RoutePattern.RawText!.StartsWith("/health", StringComparison.Ordinal));
        Assert.Equal(mapped, endpoints.Count);
        endpoints.Add(("GET", "/openapi/v1.json"));
        endpoints.Add(("GET", "/docs/"));
        return endpoints;
    }
}
