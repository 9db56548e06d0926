using System.ComponentModel.DataAnnotations;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Events;

/// <summary>The list of events, and webhooks; section <c>Events</c> of the configuration, see docs/events.md and docs/webhooks.md.</summary>
public sealed class EventOptions
{
    /// <summary>The <c>source</c> of every event, a URI reference. Give grids whose events meet in one place a source each.</summary>
    [ShownSetting]
    public string Source { get; set; } = "/accountgrid";

    /// <summary>
    /// How far back the list of events can be read, days; 0 is as far as the books go. A consumer that was away for longer is refused: it never misses an event
    /// without being told.
    /// </summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; set; }

    /// <summary>Allows webhooks to addresses of private networks and loopback.</summary>
    public bool AllowPrivate { get; set; }

    /// <summary>Longest wait for the answer of a webhook, seconds.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>
    /// Wait after the first failure of a delivery, seconds. Each further one waits four times as long, up to six hours; after 11 attempts the delivery is given
    /// up, which is after about a day with the default.
    /// </summary>
    [Range(1, 3_600)]
    public int RetrySeconds { get; set; } = 5;

    /// <summary>A webhook that has failed for so long without one success is paused, hours.</summary>
    [Range(1, 720)]
    public int PauseAfterHours { get; set; } = 24;

    /// <summary>How long finished deliveries stay in the log of a webhook, days.</summary>
    [Range(1, 3_650)]
    public int DeliveryLogDays { get; set; } = 30;

    /// <summary>Null where the settings fit; else what is wrong.</summary>
    internal string? Problem() => Source.Length is > 0 and <= 256 && Uri.IsWellFormedUriString(Source, UriKind.RelativeOrAbsolute)
        ? null
        : $"Events__Source: '{Source}' is not a URI reference of 1 to 256 characters, such as /accountgrid.";
}
