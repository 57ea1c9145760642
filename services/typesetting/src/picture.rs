//! Exhibits that are pictures: a page each, of a TIFF file a page a picture.

use std::io::Cursor;

use domain::dictionary::vocabulary::Media;
use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, RgbImage, RgbaImage};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use typst::foundations::Bytes;
use typst::foundations::Smart;
use typst::visualize::{ExchangeFormat, RasterFormat, RasterImage};

/// The most dots of a picture: a page at 600 dots an inch has 34 million.
const DOTS_MAX: u64 = 50_000_000;
/// The most pages of a TIFF file.
const PAGES_MAX: usize = 500;

/// A picture that the typesetter takes as it is.
pub(crate) struct Picture {
    pub(crate) bytes: Bytes,
    pub(crate) format: &'static str,
}

/// The pictures of an exhibit.
pub(crate) fn pictures(media: Media, bytes: Vec<u8>) -> Result<Vec<Picture>, String> {
    let (format, name, exchange) = match media {
        Media::Jpeg => (ImageFormat::Jpeg, "jpg", ExchangeFormat::Jpg),
        Media::Png => (ImageFormat::Png, "png", ExchangeFormat::Png),
        _ => return faxes(&bytes),
    };
    let head = ImageReader::with_format(Cursor::new(&bytes), format).into_dimensions();
    let (width, height) = head.map_err(|_| broken())?;
    within(width, height)?;
    let bytes = Bytes::new(bytes);
    // Read here, so that a broken one is known by its exhibit; the typesetter remembers it.
    RasterImage::new(bytes.clone(), RasterFormat::Exchange(exchange), Smart::Auto)
        .map_err(|_| broken())?;
    Ok(vec![Picture { bytes, format: name }])
}

fn within(width: u32, height: u32) -> Result<(), String> {
    let dots = u64::from(width) * u64::from(height);
    if dots == 0 || dots > DOTS_MAX {
        let most = DOTS_MAX / 1_000_000;
        return Err(format!(
            "a picture of it has {width} x {height} dots; the most is {most} million"
        ));
    }
    Ok(())
}

fn broken() -> String {
    "it does not read as the picture that its first bytes say it is".to_owned()
}

/// Pages of a TIFF file, most often faxes: black and white.
fn faxes(bytes: &[u8]) -> Result<Vec<Picture>, String> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = 4 * 50_000_000;
    limits.intermediate_buffer_size = limits.decoding_buffer_size;
    let decoder = Decoder::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut decoder = decoder.with_limits(limits);
    let mut pages = Vec::new();
    loop {
        let (width, height) = decoder.dimensions().map_err(|_| broken())?;
        within(width, height)?;
        let color = decoder.colortype().map_err(|_| broken())?;
        let image = decoder.read_image().map_err(|_| broken())?;
        pages.push(encoded(width, height, color, image)?);
        if !decoder.more_images() {
            return Ok(pages);
        }
        if pages.len() == PAGES_MAX {
            return Err(format!("it has more than {PAGES_MAX} pages"));
        }
        decoder.next_image().map_err(|_| broken())?;
    }
}

fn encoded(
    width: u32,
    height: u32,
    color: ColorType,
    read: DecodingResult,
) -> Result<Picture, String> {
    let DecodingResult::U8(bytes) = read else {
        return Err("it has colors of more than 8 bits; save it with 8".to_owned());
    };
    let picture = match color {
        ColorType::Gray(1) => {
            GrayImage::from_raw(width, height, dots(width, height, &bytes)).map(Into::into)
        }
        ColorType::Gray(8) => GrayImage::from_raw(width, height, bytes).map(Into::into),
        ColorType::RGB(8) => RgbImage::from_raw(width, height, bytes).map(Into::into),
        ColorType::RGBA(8) => RgbaImage::from_raw(width, height, bytes).map(Into::into),
        _ => {
            return Err(
                "it has colors that pages cannot show; save it in black, gray or RGB".to_owned()
            );
        }
    };
    let picture: DynamicImage = picture.ok_or_else(broken)?;
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).map_err(|_| broken())?;
    Ok(Picture { bytes: Bytes::new(png.into_inner()), format: "png" })
}

/// Black and white, a byte a dot; eight of a row are in a byte, the first one in its highest bit.
fn dots(width: u32, height: u32, bytes: &[u8]) -> Vec<u8> {
    let (width, height) = (width as usize, height as usize);
    let row_bytes = width.div_ceil(8);
    if bytes.len() == width * height {
        return bytes.iter().map(|dot| if *dot == 0 { 0 } else { 255 }).collect();
    }
    let rows = bytes.chunks(row_bytes.max(1)).take(height);
    rows.flat_map(|row| {
        (0..width).map(|at| match row.get(at / 8) {
            Some(byte) if byte >> (7 - at % 8) & 1 == 1 => 255,
            Some(_) => 0,
            None => 255,
        })
    })
    .collect()
}
