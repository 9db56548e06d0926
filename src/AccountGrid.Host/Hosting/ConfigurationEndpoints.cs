using AccountGrid.Host.Http;
using AccountGrid.Host.Operations;

namespace AccountGrid.Host.Hosting;

/// <summary>The configuration that a process runs with.</summary>
internal static class ConfigurationEndpoints
{
    public static void MapConfiguration(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/operations/configuration", (HostSettings settings, ILocalSiloDetails silo) => TypedResults.Ok(new ConfigurationAnswer(
            silo.SiloAddress.ToParsableString(), [.. new SettingsList(t => t).Of(settings).SelectMany(s => s.Settings)])))
            .RequireAuthorization(Permissions.Inspect).WithTags("Operations")
            .WithSummary("Settings of the process that answers, with units, ranges and defaults. Of what may be a secret it says only whether it is set.")
            .Produces<ConfigurationAnswer>();
}
