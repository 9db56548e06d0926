using System.ComponentModel.DataAnnotations;

namespace AccountGrid.Host.Surveys;

/// <summary>
/// Whom surveys ask; section <c>Surveys</c> of the configuration. Nobody is asked unless <c>Notices__SurveyUrl</c> says where customers reach the pages.
/// </summary>
public sealed class SurveyOptions
{
    /// <summary>Share of payments after which the customer is asked, in thousandths.</summary>
    [Range(0, 1_000)]
    public int PaymentsPerMille { get; set; } = 50;

    /// <summary>Share of closed cases after which the customer is asked, in thousandths.</summary>
    [Range(0, 1_000)]
    public int CasesPerMille { get; set; } = 1_000;

    /// <summary>Share of restored supplies after which the customer is asked, in thousandths.</summary>
    [Range(0, 1_000)]
    public int RestoresPerMille { get; set; } = 1_000;

    /// <summary>Customers of each area that are drawn at random on each day.</summary>
    [Range(0, 1_000)]
    public int AreaPerDay { get; set; }
}
