"""The look of Gradio's own components: the colours of assets/theme.css, system fonts, good contrast."""

from gradio import themes

BLUE = themes.Color(
    name="respot",
    c50="#eef6fb",
    c100="#d9ebf6",
    c200="#b5d8ed",
    c300="#83bfe0",
    c400="#4aa1cf",
    c500="#0072b2",
    c600="#0067a1",
    c700="#005788",
    c800="#04486f",
    c900="#093c5c",
    c950="#07263b",
)


def theme() -> themes.Base:
    """Strings name fonts of the system: nothing is fetched from anywhere."""
    look = themes.Default(
        primary_hue=BLUE,
        secondary_hue=BLUE,
        neutral_hue="slate",
        radius_size="md",
        font=["system-ui", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "monospace"],
    )
    return look.set(
        body_background_fill="#f7f8fa",
        body_background_fill_dark="#0f1115",
        body_text_color_subdued="#545b66",
        body_text_color_subdued_dark="#a7adb8",
        block_info_text_color="#545b66",
        block_info_text_color_dark="#a7adb8",
        block_background_fill_dark="#191d24",
        block_label_text_color="#545b66",
        block_label_text_color_dark="#a7adb8",
        input_background_fill_dark="#0f1115",
        input_placeholder_color="#6b7280",
        input_placeholder_color_dark="#8b93a1",
        border_color_primary_dark="#343a45",
        checkbox_border_color="#868e9a",
        checkbox_border_color_dark="#7b8492",
        table_even_background_fill_dark="#191d24",
        table_odd_background_fill_dark="#1f242d",
        button_primary_background_fill="#0067a1",
        button_primary_background_fill_hover="#005788",
        button_primary_background_fill_dark="#0067a1",
        button_primary_background_fill_hover_dark="#0072b2",
        button_primary_text_color="#ffffff",
    )
