using System.Text.Encodings.Web;
using System.Text.Unicode;
using AccountGrid.Host.Security;
using Microsoft.Extensions.WebEncoders;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>The operators' console.</summary>
internal static class ConsoleServices
{
    public static IServiceCollection AddConsole(this IServiceCollection services, SecurityOptions security)
    {
        services.AddRazorComponents();

        // Chinese is written as itself, and not as numbers of its characters.
        services.Configure<WebEncoderOptions>(o => o.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        return services.AddProviderSignIn(security.Oidc).AddSingleton<ConsoleApi>();
    }
}
