using System.Text.Json;
using AccountGrid.Testing;
using NJsonSchema;

namespace AccountGrid.Host.Tests;

/// <summary>
/// No container engine is at hand for tests: docker-compose.yml is held against a schema of what it may use, and its names against each other. Its silos are
/// run by the cluster's tests.
/// </summary>
public sealed class ComposeTests
{
    [Fact]
    public async Task The_compose_file_fits_its_schema()
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "compose.schema.json"));
        Assert.Empty(schema.Validate(Compose().GetRawText()));
    }

    [Fact]
    public void Three_silos_stand_behind_one_port_and_every_name_is_known()
    {
        var compose = Compose();
        var services = compose.GetProperty("services");
        var names = services.EnumerateObject().Select(s => s.Name).ToHashSet();
        Assert.Equal(3, names.Count(n => n.StartsWith("silo", StringComparison.Ordinal)));
        var open = services.EnumerateObject().Where(s => s.Value.TryGetProperty("ports", out _)).ToList();
        Assert.Equal(["grafana", "prometheus", "proxy"], open.Select(s => s.Name).Order(StringComparer.Ordinal));
        Assert.All(open.SelectMany(s => s.Value.GetProperty("ports").EnumerateArray()),
            p => Assert.StartsWith("127.0.0.1:", p.GetString(), StringComparison.Ordinal));
        var fetched = File.ReadAllText(Path.Combine(ComposeFile.Root, "deploy", "prometheus", "prometheus.yml"));
        var proxy = compose.GetProperty("configs").GetProperty("proxy").GetProperty("content").GetString()!;
        foreach (var service in services.EnumerateObject())
        {
            if (service.Value.TryGetProperty("depends_on", out var needs))
            {
                var needed =
                    needs.ValueKind == JsonValueKind.Array ? needs.EnumerateArray().Select(n => n.GetString()!) : needs.EnumerateObject().Select(n => n.Name);
                Assert.All(needed, n => Assert.Contains(n, names));
            }

            if (service.Name.StartsWith("silo", StringComparison.Ordinal))
            {
                var address = service.Value.GetProperty("networks").GetProperty("grid").GetProperty("ipv4_address").GetString()!;
                var environment = service.Value.GetProperty("environment");
                Assert.Equal(address, environment.GetProperty("Grid__SiloAddress").GetString());
                Assert.Equal(address, environment.GetProperty("Telemetry__MetricsAddress").GetString());
                Assert.Contains($"- {address}:{environment.GetProperty("Telemetry__MetricsPort").GetString()}\n", fetched, StringComparison.Ordinal);
                Assert.Equal("true", service.Value.GetProperty("read_only").GetString());
                Assert.Contains($"server {address}:5080", proxy, StringComparison.Ordinal);
                Assert.Contains("Host=postgres;", service.Value.GetProperty("environment").GetProperty("ConnectionStrings__AccountGrid").GetString()!,
                    StringComparison.Ordinal);
            }
        }
    }

    private static JsonElement Compose() => ComposeFile.Read();
}
