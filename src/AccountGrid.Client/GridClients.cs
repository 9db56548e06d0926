using AccountGrid.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers clients of a grid; both send through IHttpClientFactory.</summary>
public static class GridClients
{
    private const string GatewayHttp = "AccountGrid.Gateway";

    /// <summary>
    /// Registers <see cref="GatewayClient"/>, which sends while the host runs. Address and key are the options'; the builder adds handlers, certificates
    /// and the like.
    /// </summary>
    public static IHttpClientBuilder AddAccountGridGateway(this IServiceCollection services, Action<GatewayOptions> configure)
    {
        var options = new GatewayOptions();
        configure(options);
        options.Check();
        services.TryAddSingleton(provider => new GatewayClient(options,
            () => provider.GetRequiredService<IHttpClientFactory>().CreateClient(GatewayHttp),
            provider.GetService<ILogger<GatewayClient>>(), provider.GetService<TimeProvider>()));
        services.AddSingleton<IHostedService, GatewayService>();
        return services.AddHttpClient(GatewayHttp, http => Configure(http, options.Url, options.Key, options.RequestTimeout));
    }

    /// <summary>Registers <see cref="AccountGridClient"/>.</summary>
    /// <param name="services">Where it is registered.</param>
    /// <param name="url">Address of the grid.</param>
    /// <param name="key">API key of the role <c>client</c>, or a customer's token.</param>
    public static IHttpClientBuilder AddAccountGridClient(this IServiceCollection services, Uri url, string key) =>
        services.AddHttpClient<AccountGridClient>(nameof(AccountGridClient))
            .ConfigureHttpClient(http => Configure(http, url, key, AccountGridClient.RequestTimeout))
            .AddTypedClient<AccountGridClient>((http, provider) => new AccountGridClient(http, provider.GetService<TimeProvider>()));

    internal static void Configure(HttpClient http, Uri? url, string key, TimeSpan timeout)
    {
        if (url is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            throw new ArgumentException($"Url: '{url}' is not an address such as https://grid.example.", nameof(url));
        }

        (http.BaseAddress, http.Timeout) = (url, timeout);
        http.DefaultRequestHeaders.Authorization = key.Length > 0
            ? new("Bearer", key)
            : throw new ArgumentException("Key: it is empty; an API key of the grid is needed.", nameof(key));
    }
}
